import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { livekitConfig, type LiveKitConfig } from '../config/namespaces.js';
import type { EgressTicket, TokenFault } from './egress-connections.port.js';

/** Egress connects within a second of its start; a busy worker may take longer. */
const LIFETIME_MS = 60_000;
/** 43 characters of base64url are the 32 bytes of the MAC. */
const FORM = /^(\d{1,9})\.([0-9a-z]{1,10})\.([\w-]{43})$/;
/** Checked in place of malformed text, so that the check takes as long. */
const PLACEHOLDER = ['', '0', '0', 'A'.repeat(43)];

/**
 * The token in the address that Egress connects to: `attempt.expiry.mac`, an HMAC-SHA256 over session, track, attempt and
 * expiry. The key is derived from LiveKit's secret, so that nobody manages another one, and from random bytes of this
 * process, so that no token is valid after a restart.
 */
@Injectable()
export class EgressTokens {
  readonly #key: Buffer;

  constructor(@Inject(livekitConfig.KEY) { apiSecret }: LiveKitConfig) {
    this.#key = Buffer.from(hkdfSync('sha256', apiSecret, randomBytes(32), 'roomscribe egress audio', 32));
  }

  issue({ sessionId, target, attempt }: EgressTicket, nowUnixMs: number): string {
    const expiry = (nowUnixMs + LIFETIME_MS).toString(36);
    return `${attempt}.${expiry}.${this.#mac(sessionId, target, attempt, expiry).toString('base64url')}`;
  }

  /** The token's ticket, or why it has none. Whether it was used already is not checked here. */
  verify(
    sessionId: string,
    target: string,
    token: string,
    nowUnixMs: number,
  ): EgressTicket | Exclude<TokenFault, 'spent'> {
    if (token === '') return 'missing';
    const [, attemptText = '', expiry = '', mac = ''] = FORM.exec(token) ?? PLACEHOLDER;
    const attempt = Number(attemptText);
    const genuine = timingSafeEqual(this.#mac(sessionId, target, attempt, expiry), Buffer.from(mac, 'base64url'));
    if (!genuine) return 'forged';
    return parseInt(expiry, 36) >= nowUnixMs ? { sessionId, target, attempt } : 'expired';
  }

  #mac(sessionId: string, target: string, attempt: number, expiry: string): Buffer {
    const message = JSON.stringify([sessionId, target, attempt, expiry]);
    return createHmac('sha256', this.#key).update(message).digest();
  }
}
