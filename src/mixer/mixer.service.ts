import type { OnApplicationShutdown, OnModuleInit } from '@nestjs/common';
import {
  SessionEnded,
  SessionLive,
  TrackPublished,
  TrackUnpublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import type { EventBus } from '../events/event-bus.js';
import { FRAME_MS, msToSamples } from '../media/audio-format.js';
import type { Clock } from '../media/clock.js';
import { ROOM_MIX_SID } from '../media/audio-source.js';
import type { MixSteps } from '../media/mix-steps.js';
import type { MixedAudioSink } from '../media/mixed-audio-sink.js';
import type {
  MissingAudioQuery,
  MissingAudio,
  TrackAdmission,
  TrackAudioSink,
  TrackInput,
} from '../media/track-audio-sink.js';
import type { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { EndedSessions } from '../collections/ended-sessions.js';
import { MixClock } from './mix-clock.js';
import { SessionMix, type MixCounters, type AudioLoss } from './session-mix.js';
import type { TrackCounters } from './jitter-buffer.js';
import { DISCARDING_INPUT } from './connection-input.js';

export interface MixerOptions {
  /** How long an ended session waits for audio that is still on its way. */
  readonly drainMs: number;
  /** How many channels the speakers of a session share; with one, they are all mixed. Default: 1. */
  readonly channels?: number;
  /** How long a track is faded where its microphone is muted or unmuted. Default: 0, not at all. */
  readonly muteFadeMs?: number;
}

/** Keeps one mix for each live session, all on one clock. */
export class MixerService
  implements TrackAudioSink, MixSteps, TrackSpeechActivity, OnModuleInit, OnApplicationShutdown
{
  readonly #mixes = new Map<string, SessionMix>();
  readonly #ended = new EndedSessions();
  readonly #clock: MixClock;
  readonly #fetchers: (() => void)[] = [];
  #lostMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly events: EventBus,
    private readonly sink: MixedAudioSink,
    clock: Clock,
    private readonly options: MixerOptions,
  ) {
    this.#clock = new MixClock(
      clock,
      (step, late) => this.#step(step, late),
      () => this.#isStarving(),
    );
  }

  onModuleInit(): void {
    this.events.on(SessionLive, (live) => this.#open(live));
    this.events.on(TrackPublished, ({ sessionId, trackSid }) => this.#mixes.get(sessionId)?.publish(trackSid));
    this.events.on(TrackUnpublished, ({ sessionId, trackSid }) =>
      this.#mixes.get(sessionId)?.unpublish(trackSid, this.#clock.currentStep),
    );
    this.events.on(SessionEnded, ({ sessionId }) =>
      this.#mixes.get(sessionId)?.end(this.#clock.currentStep, this.options.drainMs),
    );
    this.#scheduleRun();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#timer);
    for (const mix of this.#mixes.values()) mix.close();
    this.#mixes.clear();
  }

  admission(sessionId: string, trackSid: string): TrackAdmission {
    if (this.#ended.has(sessionId)) return 'ended';
    return this.#mixes.get(sessionId)?.admission(trackSid) ?? 'unknown';
  }

  open(sessionId: string, trackSid: string, missingAudio?: MissingAudioQuery): TrackInput {
    return this.#mixes.get(sessionId)?.open(trackSid, this.#clock.nextStep, missingAudio) ?? DISCARDING_INPUT;
  }

  reportMissing(sessionId: string, trackSid: string, missing: MissingAudio): void {
    this.#mixes.get(sessionId)?.reportMissing(trackSid, missing, this.#clock.currentStep);
  }

  silentForMs(sessionId: string, trackSid: string): number | undefined {
    return this.#mixes.get(sessionId)?.silentForMs(trackSid, this.#clock.nextStep);
  }

  /** Of a session that is live or still being played out. */
  counters(sessionId: string): MixCounters | undefined {
    return this.#mixes.get(sessionId)?.counters;
  }

  /** By track SID. */
  trackCounters(sessionId: string): ReadonlyMap<string, TrackCounters> {
    return this.#mixes.get(sessionId)?.trackCounters ?? new Map<string, TrackCounters>();
  }

  /** How much audio was lost in all, summed over tracks. */
  get lostMs(): number {
    return this.#lostMs;
  }

  before(fetch: () => void): void {
    this.#fetchers.push(fetch);
  }

  /** Mixes the steps that are due. Called by the timer. */
  run(): void {
    for (const fetch of this.#fetchers) fetch();
    this.#clock.run();
  }

  /** When the next step becomes due, rounded up since timers count whole milliseconds. */
  #scheduleRun(): void {
    this.#timer = setTimeout(() => {
      try {
        this.run();
      } finally {
        this.#scheduleRun();
      }
    }, Math.ceil(this.#clock.untilNextMs));
  }

  /** A session that is resumed after a restart has a clock that went on meanwhile. */
  #open({ sessionId, liveAtUnixMs, resumes }: SessionLive): void {
    if (this.#mixes.has(sessionId) || this.#ended.has(sessionId)) return;
    const elapsedMs = resumes === undefined ? 0 : Math.max(0, Date.now() - liveAtUnixMs);
    const liveStep = this.#clock.currentStep - Math.round(elapsedMs / FRAME_MS);
    const onLoss = (loss: AudioLoss): void => this.#reportLoss(sessionId, loss);
    const { channels, muteFadeMs = 0 } = this.options;
    const options = { channels, fadeSamples: msToSamples(muteFadeMs) };
    this.#mixes.set(sessionId, new SessionMix(sessionId, liveStep, this.sink, onLoss, options));
  }

  #step(step: number, late: boolean): void {
    for (const [sessionId, mix] of this.#mixes) {
      mix.step(step, late);
      if (mix.closed) this.#remove(sessionId);
    }
  }

  #isStarving(): boolean {
    for (const mix of this.#mixes.values()) if (mix.isStarving) return true;
    return false;
  }

  #remove(sessionId: string): void {
    this.#mixes.delete(sessionId);
    this.#ended.add(sessionId, undefined);
  }

  #reportLoss(sessionId: string, { trackSid, startMs, endMs }: AudioLoss): void {
    this.#lostMs += endMs - startMs;
    const seconds = ((endMs - startMs) / 1000).toFixed(1);
    const sentence = `About ${seconds} s of one participant's sound is lost.`;
    const span = { ...(trackSid !== ROOM_MIX_SID && { trackSid }), startMs, endMs };
    this.events.publish(new TranscriptionStatusChanged(sessionId, 'gap', sentence, span));
  }
}
