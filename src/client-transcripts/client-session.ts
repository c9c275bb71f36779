import { createHash, randomUUID } from 'node:crypto';
import { TokenBucket } from '../async/token-bucket.js';
import type { SessionLive, TranscriptSegment } from '../events/domain-events.js';
import type { Clock } from '../media/clock.js';
import type { ClientSegments, SegmentOutcome } from '../merge/client-segments.port.js';
import { FallbackTracks } from './fallback-tracks.js';
import type { SegmentRequest } from './segment-request.js';
import type { ServerCoverage } from './server-coverage.js';
import { SessionParticipants } from './session-participants.js';
import { placeOnSessionClock } from './session-time.js';

/** Who sends a segment, as the access token says. */
export interface Sender {
  readonly identity: string;
  /** Used until the room has listed the participant. */
  readonly name: string | undefined;
}

export interface ClientSessionOptions {
  readonly live: SessionLive;
  readonly clock: Clock;
  readonly coverage: (participants: SessionParticipants) => ServerCoverage;
  readonly merger: ClientSegments;
  /** Under `SERVER_TRANSCRIPTION=fallback`: called when the server has to start or to stop transcribing a track. */
  readonly onFallback: (trackSid: string, isNeeded: boolean) => void;
}

/** A recogniser that sends every revision of a partial stays far below these limits. */
const BURST_REQUESTS = 50;
const REQUESTS_PER_SECOND = 15;

/** The segments that browsers make in one session: rate limited, placed on the session clock, and named. */
export class ClientSession {
  readonly participants = new SessionParticipants();
  readonly fallback: FallbackTracks;
  readonly #coverage: ServerCoverage;
  readonly #options: ClientSessionOptions;
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #liveAtMs: number;

  constructor(options: ClientSessionOptions) {
    const { live, clock } = options;
    this.#options = options;
    this.#liveAtMs = clock.monotonicMs() - Math.max(0, Date.now() - live.liveAtUnixMs);
    this.#coverage = options.coverage(this.participants);
    this.fallback = new FallbackTracks(options.onFallback);
  }

  /** On the session clock. */
  get nowMs(): number {
    return this.#options.clock.monotonicMs() - this.#liveAtMs;
  }

  /** Whether this sender may send one more segment now. */
  tryAcquire({ identity }: Sender): boolean {
    const bucket = this.#buckets.get(identity) ?? new TokenBucket(BURST_REQUESTS, REQUESTS_PER_SECOND, this.nowMs);
    this.#buckets.set(identity, bucket);
    return bucket.take(this.nowMs);
  }

  /** Receives a segment and publishes what is ready. An empty partial only says that the browser is transcribing. */
  receive(sender: Sender, request: SegmentRequest): { segmentId: string; status: SegmentOutcome } {
    const { live, merger } = this.#options;
    const { identity } = sender;
    this.fallback.contact(identity, this.nowMs);
    const segmentId = idOf(identity, request.segmentId);
    const known = merger.outcomeOf(live.sessionId, segmentId);
    const isNew = merger.isNew(live.sessionId, segmentId, request.revision);
    if (!isNew || (known === undefined && request.text.trim() === '')) return { segmentId, status: known ?? 'held' };
    const segment = this.#segment(segmentId, sender, request);
    return { segmentId, status: merger.add(live.sessionId, segment, this.#coverage.covers(identity)) };
  }

  #segment(segmentId: string, { identity, name }: Sender, request: SegmentRequest): TranscriptSegment {
    const { live, merger } = this.#options;
    const latest = merger.latest(live.sessionId, segmentId);
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

/** The browser's own id, in a namespace of its participant that no id of the server falls into. */
function idOf(identity: string, segmentId = `-${randomUUID()}`): string {
  return `c.${createHash('sha256').update(identity).digest('base64url').slice(0, 16)}.${segmentId}`;
}
