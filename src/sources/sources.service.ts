import {
  Inject,
  Injectable,
  Optional,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { Config } from '../config/config.js';
import {
  TrackTranscriptionChanged,
  SessionEnded,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import type { TrackToTranscribe } from '../media/audio-source.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { AudioSources } from './audio-sources.port.js';
import { EgressSlots } from '../egress/egress-slots.port.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { routingPolicy } from './routing-policy.js';
import { TrackRouter } from './track-router.js';
import type { CoverageGap } from './coverage-tracker.js';

const REVIEW_EVERY_MS = 1_000;
const NOT_TRANSCRIBED = 'Somebody in the room is not transcribed: no way is left to hear one more.';
const ALL_TRANSCRIBED = 'Everybody in the room is transcribed again.';

interface Carried {
  readonly carrier: TrackRouter;
  /** Tracks that are heard only when somebody asks for it, where the server does not hear the room as a whole. */
  readonly known: Map<string, TrackToTranscribe> | undefined;
}

/** The one listener that decides, track by track, which source of sound carries it. */
@Injectable()
export class SourcesService implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  readonly #sessions = new Map<string, Carried>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: Config,
    private readonly events: EventBus,
    private readonly sources: AudioSources,
    private readonly slots: EgressSlots,
    private readonly reports: SessionReports,
    private readonly states: SessionStates,
    private readonly troubles: SessionProblems,
    @Optional() @Inject(TrackSpeechActivity) private readonly voices?: TrackSpeechActivity,
  ) {}

  onModuleInit(): void {
    this.events.on(SessionLive, (fact) => this.#live(fact));
    this.events.on(TrackPublished, (fact) => this.#published(fact));
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => this.#unpublished(sessionId, trackSid));
    this.events.on(TrackTranscriptionChanged, (fact) => this.#hearingChanged(fact));
    this.events.on(SessionEnded, ({ sessionId }) => this.#end(sessionId));
    this.states.provide({
      track: (sessionId, trackSid) => this.#sessions.get(sessionId)?.carrier.receptionOf(trackSid),
    });
    this.slots.onChange(() => this.reviewAll());
    this.#timer = setInterval(() => this.reviewAll(), REVIEW_EVERY_MS);
  }

  /** After all others, whose word on a track's state this one completes. */
  onApplicationBootstrap(): void {
    this.reports.add((sessionId) => {
      const carrier = this.#sessions.get(sessionId)?.carrier;
      return carrier && { tracks: carrier.reports() };
    });
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  reviewAll(): void {
    for (const { carrier } of this.#sessions.values()) carrier.scheduleReview();
  }

  #live({ sessionId, liveAtUnixMs, transcribedByServer, source }: SessionLive): void {
    if (this.#sessions.has(sessionId)) return;
    const carrier = new TrackRouter({
      policy: routingPolicy(source, this.config.egress.overflow),
      sources: this.sources,
      slots: this.slots,
      speechActivity: this.voices,
      nowMs: () => Math.max(0, Date.now() - liveAtUnixMs),
      onGap: (unheard) => this.#tellUnheard(sessionId, unheard),
      onRejected: (count) => this.#tellRejected(sessionId, count > 0),
    });
    this.#sessions.set(sessionId, {
      carrier,
      known: transcribedByServer ? undefined : new Map<string, TrackToTranscribe>(),
    });
  }

  #published({ sessionId, room, trackSid, identity, kind }: TrackPublished): void {
    const session = this.#sessions.get(sessionId);
    const track = { sessionId, room, trackSid, identity, kind };
    if (session?.known === undefined) session?.carrier.add(track);
    else session.known.set(trackSid, track);
  }

  #unpublished(sessionId: string, trackSid: string): void {
    const session = this.#sessions.get(sessionId);
    session?.known?.delete(trackSid);
    session?.carrier.remove(trackSid);
  }

  #hearingChanged({ sessionId, trackSid, enabled }: TrackTranscriptionChanged): void {
    const session = this.#sessions.get(sessionId);
    const track = session?.known?.get(trackSid);
    if (enabled && track !== undefined) session?.carrier.add(track);
    else session?.carrier.remove(trackSid, 'session-over');
  }

  #end(sessionId: string): void {
    this.#sessions.get(sessionId)?.carrier.end();
    this.#sessions.delete(sessionId);
  }

  #tellUnheard(sessionId: string, { startMs, endMs }: CoverageGap): void {
    const seconds = Math.max(0.1, (endMs - startMs) / 1000).toFixed(1);
    const sentence = `For about ${seconds} s one participant could not be heard; what was said then is missing.`;
    this.events.publish(new TranscriptionStatusChanged(sessionId, 'gap', sentence, { startMs, endMs }));
  }

  #tellRejected(sessionId: string, isRejecting: boolean): void {
    if (isRejecting) this.troubles.begin(sessionId, 'no-source', NOT_TRANSCRIBED);
    else this.troubles.end(sessionId, 'no-source', ALL_TRANSCRIBED);
  }
}
