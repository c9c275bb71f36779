import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { Config } from '../config/config.js';
import {
  TrackTranscriptionChanged,
  ParticipantJoined,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
  TranscriptReady,
  type TranslationReady,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Clock } from '../media/clock.js';
import { Metrics } from '../metrics/metrics.js';
import { MessageJournal } from '../transcripts/message-journal.port.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { TranscriptGates, type TranscriptGate } from '../publisher/transcript-gates.port.js';
import { ClientSession } from './client-session.js';
import type { Segment } from '../merge/normalized-words.js';
import { publishedSegment } from './published-segment.js';
import type { SegmentOutcome } from '../merge/transcript-merger.js';

const LOOK_EVERY_MS = 500;
/** What Gladia still needs for the last of the sound that was kept while it was away. */
const LATE_MS = 60_000;

/** Hybrid mode: brings the segments that browsers make into each session, and keeps what was read once from being read twice. */
@Injectable()
export class ClientTranscriptsService implements TranscriptGate, OnModuleInit, OnApplicationShutdown {
  readonly #sessions = new Map<string, ClientSession>();
  /** What this module tells has been decided already. */
  readonly #decided = new WeakSet<TranscriptReady>();
  readonly #segments: Counter<'fate'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly events: EventBus,
    private readonly gates: TranscriptGates,
    private readonly reports: SessionReports,
    private readonly troubles: SessionProblems,
    private readonly clock: Clock,
    private readonly journal: MessageJournal,
    metrics: Metrics,
  ) {
    this.#segments = metrics.counter('client_segments_total', 'segments made in browsers', ['fate']);
  }

  onModuleInit(): void {
    this.gates.add(this);
    this.events.on(SessionLive, (fact) => this.#open(fact));
    this.events.on(ParticipantJoined, ({ sessionId, identity, name }) => {
      this.session(sessionId)?.participants.joined(identity, name);
    });
    this.events.on(TrackPublished, (fact) => this.#onPublished(fact));
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => {
      this.session(sessionId)?.participants.unpublished(trackSid);
      this.session(sessionId)?.fallback.unpublished(trackSid);
    });
    this.events.on(TranscriptionStatusChanged, (fact) => this.#onStatus(fact));
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  session(sessionId: string): ClientSession | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Tells the room what a session has to tell now. */
  tell(sessionId: string): void {
    for (const segment of this.session(sessionId)?.seam.takeReady() ?? []) {
      this.events.publish(this.#fact(sessionId, segment));
    }
  }

  admit(fact: TranscriptReady): readonly TranscriptReady[] {
    const session = this.session(fact.sessionId);
    if (session === undefined || this.#decided.has(fact)) return [fact];
    return session.seam
      .addServerSegment(fact.segment, session.nowMs)
      .map((segment) => (segment === fact.segment ? fact : this.#fact(fact.sessionId, segment)));
  }

  admitsTranslation({ sessionId, segmentId }: TranslationReady): boolean {
    return this.session(sessionId)?.seam.isUnchanged(segmentId) ?? true;
  }

  lastWords(sessionId: string): readonly TranscriptReady[] {
    const seam = this.session(sessionId)?.seam;
    seam?.end();
    return (seam?.takeReady() ?? []).map((segment) => this.#fact(sessionId, segment));
  }

  #open(live: SessionLive): void {
    const session = new ClientSession({
      live,
      clock: this.clock,
      reports: this.reports,
      troubles: this.troubles,
      rememberMs: this.config.gladia.audioLogS * 1000 + LATE_MS,
      onFate: (fate: SegmentOutcome) => this.#segments.inc({ fate }),
      onHearing: (trackSid, isHeard) =>
        this.events.publish(new TrackTranscriptionChanged(live.sessionId, trackSid, isHeard)),
    });
    const told = this.journal.recovered(live.sessionId)?.emitted ?? [];
    session.seam.restore(told.map(publishedSegment), session.nowMs);
    this.#sessions.set(live.sessionId, session);
  }

  #onPublished({ sessionId, identity, name, trackSid }: TrackPublished): void {
    const session = this.session(sessionId);
    session?.participants.published(identity, name, trackSid);
    if (this.config.sessions.serverTranscription === 'fallback')
      session?.fallback.published(trackSid, identity, session.nowMs);
  }

  #onStatus({ sessionId, status }: TranscriptionStatusChanged): void {
    const session = this.session(sessionId);
    session?.seam.advance(session.nowMs);
    this.tell(sessionId);
    // The publisher asks for the last words while this status is being told, before or after this listener.
    if (status === 'ended') queueMicrotask(() => this.#sessions.delete(sessionId));
  }

  #look(): void {
    for (const [sessionId, session] of this.#sessions) {
      session.fallback.advance(session.nowMs);
      session.seam.advance(session.nowMs);
      this.tell(sessionId);
    }
  }

  #fact(sessionId: string, segment: Segment): TranscriptReady {
    const fact = new TranscriptReady(sessionId, segment);
    this.#decided.add(fact);
    return fact;
  }
}
