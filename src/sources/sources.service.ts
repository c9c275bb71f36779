import { Inject, Injectable, Optional, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { egressConfig, type EgressConfig } from '../config/namespaces.js';
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
import type { TrackState } from '../media/track-state.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { Interval } from '../async/interval.js';
import { AudioSources } from './audio-sources.port.js';
import { EgressSlots } from '../egress/egress-slots.port.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { routingPolicy } from './routing-policy.js';
import { TrackRouter } from './track-router.js';
import type { CoverageGap } from './coverage-tracker.js';

const REVIEW_EVERY_MS = 1_000;
/** After a restart of the service its gap is reported for everybody at once, up to when all are received, or so long. */
const RESTART_GAP_MS = 8_000;
const NOT_TRANSCRIBED = 'Somebody in the room is not transcribed: no way is left to hear one more.';
const ALL_TRANSCRIBED = 'Everybody in the room is transcribed again.';

interface RoutedSession {
  readonly router: TrackRouter;
  readonly liveAtUnixMs: number;
  /** When it was taken up again after a restart of the service; `-Infinity` where it was not. */
  readonly resumedAtUnixMs: number;
  /** In a session that is not transcribed by the server: its tracks, each routed only while that is requested. */
  readonly onDemand: Map<string, TrackToTranscribe> | undefined;
}

/** Routes the tracks of all live sessions to audio sources, and publishes the gaps in their reception. */
@Injectable()
export class SourcesService implements OnModuleInit, OnApplicationBootstrap {
  readonly #sessions = new Map<string, RoutedSession>();

  constructor(
    @Inject(egressConfig.KEY) private readonly config: EgressConfig,
    private readonly events: EventBus,
    private readonly sources: AudioSources,
    private readonly slots: EgressSlots,
    private readonly reports: SessionReports,
    private readonly states: SessionStates,
    private readonly problems: SessionProblems,
    @Optional() @Inject(TrackSpeechActivity) private readonly speechActivity?: TrackSpeechActivity,
  ) {}

  onModuleInit(): void {
    this.events.on(SessionLive, (event) => this.#onLive(event));
    this.events.on(TrackPublished, (event) => this.#onPublished(event));
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) => this.#onUnpublished(sessionId, trackSid));
    this.events.on(TrackTranscriptionChanged, (event) => this.#onTranscriptionChanged(event));
    this.events.on(SessionEnded, ({ sessionId }) => this.#end(sessionId));
    this.states.provide({
      track: (sessionId, trackSid) => this.#sessions.get(sessionId)?.router.receptionOf(trackSid),
    });
    this.slots.onChange(() => this.reviewAll());
  }

  /** Registers after the other modules: what it reports of a track replaces what they report. */
  onApplicationBootstrap(): void {
    this.reports.add((sessionId) => {
      const router = this.#sessions.get(sessionId)?.router;
      return router && { tracks: router.reports() };
    });
  }

  /** The states of all tracks that are or should be received. */
  trackStates(): TrackState['state'][] {
    return [...this.#sessions.values()].flatMap(({ router }) => router.states());
  }

  @Interval(REVIEW_EVERY_MS)
  reviewAll(): void {
    for (const { router } of this.#sessions.values()) router.scheduleReview();
  }

  #onLive({ sessionId, liveAtUnixMs, transcribedByServer, source, resumes }: SessionLive): void {
    if (this.#sessions.has(sessionId)) return;
    const router = new TrackRouter({
      policy: routingPolicy(source, this.config.overflow),
      sources: this.sources,
      slots: this.slots,
      speechActivity: this.speechActivity,
      nowMs: () => Math.max(0, Date.now() - liveAtUnixMs),
      onGap: (gap, track) => this.#publishGap(gap, track),
      onRejected: (count) => this.#reportRejected(sessionId, count > 0),
    });
    this.#sessions.set(sessionId, {
      router,
      liveAtUnixMs,
      resumedAtUnixMs: resumes === undefined ? -Infinity : Date.now(),
      onDemand: transcribedByServer ? undefined : new Map<string, TrackToTranscribe>(),
    });
  }

  #onPublished({ sessionId, room, trackSid, identity, kind, publishedAtUnixMs }: TrackPublished): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined) return;
    const track = { sessionId, room, trackSid, identity, kind };
    if (publishedAtUnixMs !== undefined && publishedAtUnixMs < session.resumedAtUnixMs) {
      this.#add(session, track, undefined, RESTART_GAP_MS);
      return;
    }
    const publishedAtMs = publishedAtUnixMs && Math.max(0, publishedAtUnixMs - session.liveAtUnixMs);
    this.#add(session, track, publishedAtMs);
  }

  #add(session: RoutedSession, track: TrackToTranscribe, publishedAtMs?: number, leastFirstGapMs?: number): void {
    if (session.onDemand === undefined) session.router.add(track, publishedAtMs, leastFirstGapMs);
    else session.onDemand.set(track.trackSid, track);
  }

  #onUnpublished(sessionId: string, trackSid: string): void {
    const session = this.#sessions.get(sessionId);
    session?.onDemand?.delete(trackSid);
    session?.router.remove(trackSid);
  }

  #onTranscriptionChanged({ sessionId, trackSid, enabled }: TrackTranscriptionChanged): void {
    const session = this.#sessions.get(sessionId);
    const track = session?.onDemand?.get(trackSid);
    if (enabled && track !== undefined) session?.router.add(track);
    else session?.router.remove(trackSid, 'session-over');
  }

  #end(sessionId: string): void {
    this.#sessions.get(sessionId)?.router.end();
    this.#sessions.delete(sessionId);
  }

  #publishGap({ startMs, endMs }: CoverageGap, { sessionId, identity, trackSid }: TrackToTranscribe): void {
    const seconds = Math.max(0.1, (endMs - startMs) / 1000).toFixed(1);
    const sentence = `For about ${seconds} s one participant could not be heard; what was said then is missing.`;
    const span = { startMs, endMs, identity, trackSid };
    this.events.publish(new TranscriptionStatusChanged(sessionId, 'gap', sentence, span));
  }

  #reportRejected(sessionId: string, isRejecting: boolean): void {
    if (isRejecting) this.problems.begin(sessionId, 'no-source', NOT_TRANSCRIBED);
    else this.problems.end(sessionId, 'no-source', ALL_TRANSCRIBED);
  }
}
