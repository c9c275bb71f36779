import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EgressConnections, type EgressTicket } from '../egress/egress-connections.js';
import { TrackAudioSink } from '../media/track-audio-sink.js';
import { parseEgressAddress } from './egress-path.js';
import { parseSourceFormat, type SourceFormat } from './source-format.js';

/** A connection that may be upgraded. */
export interface Admitted {
  readonly ticket: EgressTicket;
  readonly format: SourceFormat;
}

/** One that may not, and what to tell it. */
export interface Refused {
  readonly status: 401 | 404 | 409 | 415;
  readonly reason: string;
}

const refuse = (status: Refused['status'], reason: string): Refused => ({ status, reason });

/** Decides about a connection before its upgrade, never after it. The token comes first: who has none learns nothing. */
@Injectable()
export class UpgradeGate {
  constructor(
    private readonly connections: EgressConnections,
    private readonly sink: TrackAudioSink,
  ) {}

  decide({ url, headers }: IncomingMessage): Admitted | Refused {
    const address = parseEgressAddress(url);
    if (address === undefined) return refuse(404, 'no such path');
    const ticket = this.connections.ticket(address.sessionId, address.trackSid, address.token);
    if (ticket === undefined) return refuse(401, 'the token is missing, expired or not for this track');
    const admission = this.sink.admission(ticket.sessionId, ticket.trackSid);
    if (admission === 'unknown') return refuse(404, 'no such session or track');
    if (admission === 'ended') return refuse(409, 'the session has ended');
    const format = parseSourceFormat(headers['content-type']);
    return format === undefined ? refuse(415, 'send audio/x-raw or audio/opus') : { ticket, format };
  }
}
