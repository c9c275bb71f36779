import { createHash, randomUUID } from 'node:crypto';
import type { SessionLive } from '../events/domain-events.js';
import type { Clock } from '../media/clock.js';
import type { SessionReports } from '../sessions/session-reports.port.js';
import type { SessionProblems } from '../sessions/session-problems.port.js';
import { FallbackTracks } from './fallback-tracks.js';
import type { Segment } from '../merge/normalized-words.js';
import type { SegmentRequest } from './segment-request.js';
import { ServerCoverage } from './server-coverage.js';
import { SessionParticipants } from './session-participants.js';
import { TranscriptMerger, type SegmentOutcome } from '../merge/transcript-merger.js';
import { placeOnSessionClock } from './session-time.js';
import { TokenBucket } from './token-bucket.js';

/** Who sends a segment, as the access token says. */
export interface Sender {
  readonly identity: string;
  /** Used until the room has listed the participant. */
  readonly name: string | undefined;
}

export interface ClientSessionOptions {
  readonly live: SessionLive;
  readonly clock: Clock;
  readonly reports: SessionReports;
  readonly troubles: SessionProblems;
  /** How long the server's words may be late. */
  readonly rememberMs: number;
  readonly onFate: (fate: SegmentOutcome) => void;
  readonly onHearing: (trackSid: string, isHeard: boolean) => void;
}

/** A recogniser that tells every change of a partial stays far below. */
const REQUESTS_AT_ONCE = 50;
const REQUESTS_PER_SECOND = 15;

/** One session's segments from browsers: placed in time, named, and brought together with the server's. */
export class ClientSession {
  readonly participants = new SessionParticipants();
  readonly coverage: ServerCoverage;
  readonly fallback: FallbackTracks;
  readonly seam: TranscriptMerger;
  readonly #options: ClientSessionOptions;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #liveAtMs: number;

  constructor(options: ClientSessionOptions) {
    const { live, clock, reports, troubles, rememberMs, onFate, onHearing } = options;
    this.#options = options;
    this.#liveAtMs = clock.monotonicMs() - Math.max(0, Date.now() - live.liveAtUnixMs);
    this.coverage = new ServerCoverage(live.sessionId, this.participants, reports, troubles);
    this.fallback = new FallbackTracks(onHearing);
    this.seam = new TranscriptMerger(this.coverage, rememberMs, onFate);
  }

  /** On the session clock. */
  get nowMs(): number {
    return this.#options.clock.monotonicMs() - this.#liveAtMs;
  }

  /** Whether this sender may send one more segment now. */
  tryAcquire({ identity }: Sender): boolean {
    const bucket = this.#buckets.get(identity) ?? new TokenBucket(REQUESTS_AT_ONCE, REQUESTS_PER_SECOND, this.nowMs);
    this.#buckets.set(identity, bucket);
    return bucket.take(this.nowMs);
  }

  /** Takes a segment. An empty partial only says that the browser listens. */
  receive(sender: Sender, request: SegmentRequest): { segmentId: string; status: SegmentOutcome } {
    this.fallback.contact(sender.identity, this.nowMs);
    const segmentId = idOf(sender.identity, request.segmentId);
    const known = this.seam.outcomeOf(segmentId);
    const isNews = this.seam.isNew(segmentId, request.revision);
    if (!isNews || (known === undefined && request.text.trim() === '')) return { segmentId, status: known ?? 'held' };
    return {
      segmentId,
      status: this.seam.addClientSegment(sender.identity, this.#segment(segmentId, sender, request), this.nowMs),
    };
  }

  #segment(segmentId: string, { identity, name }: Sender, request: SegmentRequest): Segment {
    const { live } = this.#options;
    const latest = this.seam.latest(segmentId);
    const span = placeOnSessionClock(request, this.nowMs, live.liveAtUnixMs, latest?.startMs);
    const within = (ms: number): number => Math.min(span.endMs, span.startMs + ms);
    const { words = [], confidence = 1 } = request;
    return {
      segmentId,
      revision: request.revision ?? (latest?.revision ?? 0) + 1,
      final: request.final,
      text: request.text.replace(/[\p{Cc}\s]+/gu, ' ').trim(),
      language: request.language?.split('-')[0]?.toLowerCase() ?? live.options.spoken[0] ?? '',
      speaker: {
        identity,
        name: this.participants.nameOf(identity) ?? name ?? identity,
        trackSid: this.participants.tracksOf(identity)[0] ?? '',
      },
      candidates: [],
      confidence,
      ...span,
      words: words.map((word) => ({
        text: word.text,
        startMs: within(word.startMs),
        endMs: within(Math.max(word.startMs, word.endMs)),
        confidence: word.confidence ?? confidence,
      })),
      source: 'client',
    };
  }
}

/** The browser's own id within a name that is its participant's alone and none of the server's. */
function idOf(identity: string, segmentId = `-${randomUUID()}`): string {
  return `c.${createHash('sha256').update(identity).digest('base64url').slice(0, 16)}.${segmentId}`;
}
