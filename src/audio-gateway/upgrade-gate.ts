import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { EgressConnections, type EgressTicket, type TokenFault } from '../egress/egress-connections.port.js';
import { TrackAudioSink } from '../media/track-audio-sink.js';
import { parseEgressAddress } from './egress-path.js';
import { parseSourceFormat, type SourceFormat } from './source-format.js';

/** A connection that may be upgraded. */
export interface Admitted {
  readonly ticket: EgressTicket;
  /** One track, or two: left and right. */
  readonly trackSids: readonly string[];
  readonly format: SourceFormat;
}

/** One that may not, and what to tell it. */
export interface Refused {
  readonly status: 400 | 401 | 404 | 409 | 415;
  readonly reason: string;
  /** For us alone. */
  readonly because: TokenFault | 'path' | 'handshake' | 'unknown' | 'ended' | 'format';
}

const NO_TOKEN = 'the token is missing, expired or not for this track';
const refuse = (status: Refused['status'], because: Refused['because'], reason: string): Refused => {
  return { status, because, reason };
};

/** Decides about a connection before its upgrade, never after it. The token comes first: who has none learns nothing. */
@Injectable()
export class UpgradeGate {
  constructor(
    private readonly connections: EgressConnections,
    private readonly sink: TrackAudioSink,
  ) {}

  decide({ url, headers }: IncomingMessage): Admitted | Refused {
    const address = parseEgressAddress(url);
    if (address === undefined) return refuse(404, 'path', 'no such path');
    const { sessionId, target, trackSids, token } = address;
    const ticket = this.connections.ticket(sessionId, target, token);
    if (typeof ticket === 'string') return refuse(401, ticket, NO_TOKEN);
    const admissions = trackSids.map((trackSid) => this.sink.admission(sessionId, trackSid));
    if (admissions.includes('unknown')) return refuse(404, 'unknown', 'no such session or track');
    if (admissions.includes('ended')) return refuse(409, 'ended', 'the session has ended');
    const format = parseSourceFormat(headers['content-type']);
    if (format === undefined) return refuse(415, 'format', 'send audio/x-raw or audio/opus');
    if (trackSids.length === 2 && format.codec !== 'pcm')
      return refuse(415, 'format', 'a pair of tracks sends audio/x-raw');
    return { ticket, trackSids, format };
  }
}
