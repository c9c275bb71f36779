import { createHash, randomUUID } from 'node:crypto';
import { RateLimiter } from '../async/rate-limiter.js';
import type { SessionLive, TranscriptSegment } from '../events/domain-events.js';
import type { Clock } from '../media/clock.js';
import type { ClientSegments, SegmentOutcome } from '../merge/client-segments.port.js';
import { FallbackTracks } from './fallback-tracks.js';
import type { SegmentRequest } from './segment-request.js';
import type { ServerCoverage } from './server-coverage.js';
import { SessionParticipants } from './session-participants.js';
import { placeOnSessionClock } from './session-time.js';

export interface ClientSessionOptions {
  readonly live: SessionLive;
  readonly clock: Clock;
  readonly coverage: (participants: SessionParticipants) => ServerCoverage;
  readonly merger: ClientSegments;
  /** Under `SERVER_TRANSCRIPTION=fallback`: called when the server has to start or to stop transcribing a track. */
  readonly onFallback: (trackSid: string, isNeeded: boolean) => void;
}

/** A recogniser that sends every revision of a partial stays far below these limits. */
const REQUESTS = { burst: 50, perSecond: 15 };
/** What a segment costs: its characters, and for each timed word as much as eight. */
const CHARACTERS = { burst: 20_000, perSecond: 6_000 };
const CHARACTERS_PER_WORD = 8;

/** The segments that browsers make in one session: rate limited, placed on the session clock, and named. */
export class ClientSession {
  readonly participants = new SessionParticipants();
  readonly fallback: FallbackTracks;
  readonly #coverage: ServerCoverage;
  readonly #options: ClientSessionOptions;
  readonly #requests = new RateLimiter(REQUESTS);
  readonly #characters = new RateLimiter(CHARACTERS);
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

  /** Whether this participant may send this segment now. */
  tryAcquire(identity: string, { text, words = [] }: SegmentRequest): boolean {
    const { nowMs } = this;
    const cost = text.length + words.length * CHARACTERS_PER_WORD;
    return this.#characters.tryAcquire(identity, nowMs, cost) && this.#requests.tryAcquire(identity, nowMs);
  }

  /** Receives a segment and publishes what is ready. An empty partial only says that the browser is transcribing. */
  receive(identity: string, request: SegmentRequest): { segmentId: string; status: SegmentOutcome } {
    const { live, merger } = this.#options;
    this.fallback.contact(identity, this.nowMs);
    const segmentId = idOf(identity, request.segmentId);
    const known = merger.outcomeOf(live.sessionId, segmentId);
    const isNew = merger.isNew(live.sessionId, segmentId, request.revision);
    if (!isNew || (known === undefined && request.text.trim() === '')) return { segmentId, status: known ?? 'held' };
    const segment = this.#segment(segmentId, identity, request);
    return { segmentId, status: merger.add(live.sessionId, segment, this.#coverage.covers(identity)) };
  }

  #segment(segmentId: string, identity: string, request: SegmentRequest): TranscriptSegment {
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
        name: this.participants.nameOf(identity) ?? identity,
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
