import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Counter } from 'prom-client';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import { audioLogConfig, type AudioLogConfig } from '../config/namespaces.js';
import {
  SessionLive,
  TranscriptionStatusChanged,
  TranscriptReady,
  TranslationReady,
  type TranscriptSegment,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Clock } from '../media/clock.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionPublisher } from '../publisher/session-publisher.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { MessageJournal } from '../transcripts/message-journal.port.js';
import { ClientSegments, type SegmentOutcome } from './client-segments.port.js';
import { TranscriptMerger } from './transcript-merger.js';

const ADVANCE_EVERY_MS = 500;
/** How long the engine may take to transcribe the end of audio that was buffered while it was away. */
const LATE_WORDS_MS = 60_000;

interface MergedSession {
  readonly merger: TranscriptMerger;
  readonly liveAtMs: number;
}

/**
 * Merges everything that is to be published, in order: the engine's segments and translations, segments made in browsers, and
 * each status. What is not a duplicate goes to the SessionPublisher.
 */
@Injectable()
export class MergeService extends ClientSegments implements OnModuleInit, OnApplicationShutdown {
  readonly #sessions = new Map<string, MergedSession>();
  readonly #outcomes: Counter<'outcome'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(audioLogConfig.KEY) private readonly config: AudioLogConfig,
    private readonly events: EventBus,
    private readonly publisher: SessionPublisher,
    private readonly problems: SessionProblems,
    private readonly clock: Clock,
    private readonly journal: MessageJournal,
    metrics: Metrics,
  ) {
    super();
    this.#outcomes = metrics.counter('client_segments_total', 'segments made in browsers', ['outcome']);
  }

  onModuleInit(): void {
    this.events.on(SessionLive, (live) => this.#open(live));
    this.events.on(TranscriptReady, ({ sessionId, segment }) => this.#addServerSegment(sessionId, segment));
    this.events.on(TranslationReady, (translation) => this.#addTranslation(translation));
    this.events.on(TranscriptionStatusChanged, (status) => this.#addStatus(status));
    this.#timer = setInterval(() => this.#advanceAll(), ADVANCE_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  override outcomeOf(sessionId: string, segmentId: string): SegmentOutcome | undefined {
    return this.#sessions.get(sessionId)?.merger.outcomeOf(segmentId);
  }

  override latest(sessionId: string, segmentId: string): TranscriptSegment | undefined {
    return this.#sessions.get(sessionId)?.merger.latest(segmentId);
  }

  override isNew(sessionId: string, segmentId: string, revision: number | undefined): boolean {
    return this.#sessions.get(sessionId)?.merger.isNew(segmentId, revision) ?? false;
  }

  override add(sessionId: string, segment: TranscriptSegment, isCovered: boolean): SegmentOutcome {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return 'held';
    const outcome = session.merger.addClientSegment(segment, isCovered, this.#nowMs(session));
    this.#publishReady(sessionId, session);
    return outcome;
  }

  /** A session that is resumed after a restart continues with what was published before. */
  #open({ sessionId, liveAtUnixMs }: SessionLive): void {
    const isServerWell = (): boolean => !this.problems.has(sessionId, 'speech-to-text');
    const rememberMs = this.config.audioLogS * 1000 + LATE_WORDS_MS;
    const merger = new TranscriptMerger(isServerWell, rememberMs, (outcome) => this.#outcomes.inc({ outcome }));
    const session = { merger, liveAtMs: this.clock.monotonicMs() - Math.max(0, Date.now() - liveAtUnixMs) };
    const published = this.journal.recovered(sessionId)?.emitted ?? [];
    merger.restore(published.map(segmentOf), this.#nowMs(session));
    this.#sessions.set(sessionId, session);
  }

  /** Segments that the engine finishes after the session has ended go to the history unmerged. */
  #addServerSegment(sessionId: string, segment: TranscriptSegment): void {
    const session = this.#sessions.get(sessionId);
    const unpublished = session?.merger.addServerSegment(segment, this.#nowMs(session)) ?? [segment];
    for (const each of unpublished) this.publisher.publishSegment(sessionId, each);
  }

  #addTranslation(translation: TranslationReady): void {
    const session = this.#sessions.get(translation.sessionId);
    if (session?.merger.isUnchanged(translation.segmentId) !== false) this.publisher.publishTranslation(translation);
  }

  /** A status may release held segments, and the last one does: they are published before it. */
  #addStatus(status: TranscriptionStatusChanged): void {
    const { sessionId } = status;
    const session = this.#sessions.get(sessionId);
    if (session !== undefined) {
      this.#advance(sessionId, session);
      if (status.status === 'ended') session.merger.end();
      this.#publishReady(sessionId, session);
    }
    if (status.status === 'ended') this.#sessions.delete(sessionId);
    this.publisher.publishStatus(status);
  }

  #advanceAll(): void {
    for (const [sessionId, session] of this.#sessions) this.#advance(sessionId, session);
  }

  #advance(sessionId: string, session: MergedSession): void {
    session.merger.advance(this.#nowMs(session));
    this.#publishReady(sessionId, session);
  }

  #publishReady(sessionId: string, { merger }: MergedSession): void {
    for (const segment of merger.takeReady()) this.publisher.publishSegment(sessionId, segment);
  }

  /** On the session clock. */
  #nowMs({ liveAtMs }: MergedSession): number {
    return this.clock.monotonicMs() - liveAtMs;
  }
}

/** A segment as it was published. */
function segmentOf(message: TranscriptMessage): TranscriptSegment {
  const { segmentId, revision, final, text, language, speaker, confidence, startMs, endMs, source } = message;
  const { candidates = [], words = [] } = message;
  return { segmentId, revision, final, text, language, speaker, candidates, confidence, startMs, endMs, words, source };
}
