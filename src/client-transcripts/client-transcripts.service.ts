import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { sessionsConfig, type SessionsConfig } from '../config/namespaces.js';
import {
  ParticipantJoined,
  SessionLive,
  TrackPublished,
  TrackTranscriptionChanged,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Clock } from '../media/clock.js';
import { ClientSegments } from '../merge/client-segments.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { ClientSession } from './client-session.js';
import { ServerCoverage } from './server-coverage.js';

const FALLBACK_EVERY_MS = 500;

/** Hybrid mode: receives segments from browsers, and decides which tracks the server has to transcribe itself. */
@Injectable()
export class ClientTranscriptsService implements OnModuleInit, OnApplicationShutdown {
  readonly #sessions = new Map<string, ClientSession>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(sessionsConfig.KEY) private readonly config: SessionsConfig,
    private readonly events: EventBus,
    private readonly merger: ClientSegments,
    private readonly states: SessionStates,
    private readonly problems: SessionProblems,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.events.on(SessionLive, (live) => this.#open(live));
    this.events.on(ParticipantJoined, ({ sessionId, identity, name }) => {
      this.session(sessionId)?.participants.joined(identity, name);
    });
    this.events.on(TrackPublished, (track) => this.#onPublished(track));
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => {
      this.session(sessionId)?.participants.unpublished(trackSid);
      this.session(sessionId)?.fallback.unpublished(trackSid);
    });
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#sessions.delete(sessionId);
    });
    this.#timer = setInterval(() => {
      for (const session of this.#sessions.values()) session.fallback.advance(session.nowMs);
    }, FALLBACK_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  session(sessionId: string): ClientSession | undefined {
    return this.#sessions.get(sessionId);
  }

  #open(live: SessionLive): void {
    const { sessionId } = live;
    const session = new ClientSession({
      live,
      clock: this.clock,
      merger: this.merger,
      coverage: (participants) => new ServerCoverage(sessionId, participants, this.states, this.problems),
      onFallback: (trackSid, isNeeded) =>
        this.events.publish(new TrackTranscriptionChanged(sessionId, trackSid, isNeeded)),
    });
    this.#sessions.set(sessionId, session);
  }

  #onPublished({ sessionId, identity, name, trackSid }: TrackPublished): void {
    const session = this.session(sessionId);
    session?.participants.published(identity, name, trackSid);
    if (this.config.serverTranscription === 'fallback') session?.fallback.published(trackSid, identity, session.nowMs);
  }
}
