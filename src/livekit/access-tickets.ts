import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { RoomGrants } from './room-access.js';

const VALID_MS = 60_000;
const MOST = 10_000;

interface Issued {
  readonly sessionId: string;
  readonly grants: RoomGrants;
  readonly expiresAtUnixMs: number;
}

export interface Ticket {
  readonly ticket: string;
  /** Unix time in milliseconds. */
  readonly expiresAtUnixMs: number;
}

/**
 * Tickets stand in for an access token where a browser sends no header, as `EventSource` does not: each opens one stream
 * of one session, within a minute. An access token itself never goes into an address, which proxies log.
 */
@Injectable()
export class AccessTickets {
  readonly #issued = new Map<string, Issued>();

  issue(sessionId: string, grants: RoomGrants): Ticket {
    const nowUnixMs = Date.now();
    for (const [ticket, { expiresAtUnixMs }] of this.#issued)
      if (expiresAtUnixMs <= nowUnixMs || this.#issued.size >= MOST) this.#issued.delete(ticket);
      else break;
    const ticket = randomBytes(24).toString('base64url');
    const expiresAtUnixMs = nowUnixMs + VALID_MS;
    this.#issued.set(ticket, { sessionId, grants, expiresAtUnixMs });
    return { ticket, expiresAtUnixMs };
  }

  /** What the ticket's holder may do; undefined where it is unknown, used, expired, or for another session. */
  redeem(ticket: string, sessionId: string): RoomGrants | undefined {
    const issued = this.#issued.get(ticket);
    if (issued?.sessionId !== sessionId) return undefined;
    this.#issued.delete(ticket);
    return issued.expiresAtUnixMs > Date.now() ? issued.grants : undefined;
  }
}
