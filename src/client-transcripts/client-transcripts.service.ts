import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Counter } from 'prom-client';
import { Config } from '../config/config.js';
import {
  HearingChanged,
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
import { MessageJournal } from '../records/message-journal.js';
import { SessionStates } from '../records/session-states.js';
import { SessionTroubles } from '../records/session-troubles.js';
import { TranscriptGates, type TranscriptGate } from '../records/transcript-gates.js';
import { HybridSession } from './hybrid-session.js';
import type { Segment } from './plain-words.js';
import { toldSegment } from './told-segment.js';
import type { SegmentFate } from './session-seam.js';

const LOOK_EVERY_MS = 500;
/** What Gladia still needs for the last of the sound that was kept while it was away. */
const LATE_MS = 60_000;

/** Hybrid mode: brings the segments that browsers make into each session, and keeps what was read once from being read twice. */
@Injectable()
export class ClientTranscriptsService implements TranscriptGate, OnModuleInit, OnApplicationShutdown {
  readonly #sessions = new Map<string, HybridSession>();
  /** What this module tells has been decided already. */
  readonly #decided = new WeakSet<TranscriptReady>();
  readonly #segments: Counter<'fate'>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly events: EventBus,
    private readonly gates: TranscriptGates,
    private readonly states: SessionStates,
    private readonly troubles: SessionTroubles,
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
      this.session(sessionId)?.people.joined(identity, name);
    });
    this.events.on(TrackPublished, (fact) => this.#onPublished(fact));
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => {
      this.session(sessionId)?.people.unpublished(trackSid);
      this.session(sessionId)?.fallback.unpublished(trackSid);
    });
    this.events.on(TranscriptionStatusChanged, (fact) => this.#onStatus(fact));
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  session(sessionId: string): HybridSession | undefined {
    return this.#sessions.get(sessionId);
  }

  /** Tells the room what a session has to tell now. */
  tell(sessionId: string): void {
    for (const segment of this.session(sessionId)?.seam.flush() ?? []) {
      this.events.publish(this.#fact(sessionId, segment));
    }
  }

  admit(fact: TranscriptReady): readonly TranscriptReady[] {
    const session = this.session(fact.sessionId);
    if (session === undefined || this.#decided.has(fact)) return [fact];
    return session.seam
      .admit(fact.segment, session.nowMs)
      .map((segment) => (segment === fact.segment ? fact : this.#fact(fact.sessionId, segment)));
  }

  admitsTranslation({ sessionId, segmentId }: TranslationReady): boolean {
    return this.session(sessionId)?.seam.admitsTranslation(segmentId) ?? true;
  }

  lastWords(sessionId: string): readonly TranscriptReady[] {
    const seam = this.session(sessionId)?.seam;
    seam?.end();
    return (seam?.flush() ?? []).map((segment) => this.#fact(sessionId, segment));
  }

  #open(live: SessionLive): void {
    const session = new HybridSession({
      live,
      clock: this.clock,
      states: this.states,
      troubles: this.troubles,
      rememberMs: this.config.gladia.audioLogS * 1000 + LATE_MS,
      onFate: (fate: SegmentFate) => this.#segments.inc({ fate }),
      onHearing: (trackSid, isHeard) => this.events.publish(new HearingChanged(live.sessionId, trackSid, isHeard)),
    });
    const told = this.journal.leftBehind(live.sessionId)?.told ?? [];
    session.seam.restore(told.map(toldSegment), session.nowMs);
    this.#sessions.set(live.sessionId, session);
  }

  #onPublished({ sessionId, identity, name, trackSid }: TrackPublished): void {
    const session = this.session(sessionId);
    session?.people.published(identity, name, trackSid);
    if (this.config.sessions.serverTranscription === 'fallback')
      session?.fallback.published(trackSid, identity, session.nowMs);
  }

  #onStatus({ sessionId, status }: TranscriptionStatusChanged): void {
    const session = this.session(sessionId);
    session?.seam.look(session.nowMs);
    this.tell(sessionId);
    // The publisher asks for the last words while this status is being told, before or after this listener.
    if (status === 'ended') queueMicrotask(() => this.#sessions.delete(sessionId));
  }

  #look(): void {
    for (const [sessionId, session] of this.#sessions) {
      session.fallback.look(session.nowMs);
      session.seam.look(session.nowMs);
      this.tell(sessionId);
    }
  }

  #fact(sessionId: string, segment: Segment): TranscriptReady {
    const fact = new TranscriptReady(sessionId, segment);
    this.#decided.add(fact);
    return fact;
  }
}
