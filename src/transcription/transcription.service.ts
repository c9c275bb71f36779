import { Inject, Injectable, Optional, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import {
  ParticipantRenamed,
  SessionEnded,
  SessionLive,
  TrackPublished,
  TranscriptionStatusChanged,
  TranscriptReady,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { MixedAudioSink, type MixedInput, type MixedStream } from '../media/mixed-audio-sink.js';
import type { SpeakerTimeline } from '../media/speaker-timeline.js';
import type { SpeechOptions } from '../config/speech-options.js';
import { EndedSessions } from '../collections/ended-sessions.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { samplesToMs } from '../media/audio-format.js';
import { ConfidenceThresholds } from './confidence-thresholds.js';
import { ActiveEngine } from './active-engine.js';
import { SessionInsights } from './session-insights.js';
import { SessionTranscription } from './session-transcription.js';
import { SpeakerRoster } from './speaker-roster.js';
import { SpeechToText, type SpeechReport, type SpeechStream } from './speech-to-text.js';
import { STATUS_SENTENCES } from './status-sentences.js';
import { ConfidenceFilter } from './confidence-filter.js';
import { TranscriptionMetrics } from './transcription-metrics.js';
import { PendingSpeechTracker } from './pending-speech-tracker.js';

interface TranscribedSession {
  readonly roster: SpeakerRoster;
  readonly insights: SessionInsights;
  options: SpeechOptions;
  /** The last utterance that an earlier run of the service numbered. */
  lastUtterance: number;
  /** There from the first sound on. */
  stream?: SpeechStream;
  unwordedSinceMs?: () => number | undefined;
}

/** Takes the mixed sound of each session to the speech-to-text engine, and publishes what comes back. */
@Injectable()
export class TranscriptionService implements MixedAudioSink, OnModuleInit, BeforeApplicationShutdown {
  readonly #sessions = new Map<string, TranscribedSession>();
  readonly #ended = new EndedSessions<{ report: SpeechReport | undefined; insights: SessionInsights }>();
  readonly #whenIdle: (() => void)[] = [];

  constructor(
    private readonly events: EventBus,
    @Inject(ActiveEngine) private readonly engine: SpeechToText,
    private readonly troubles: SessionProblems,
    @Optional() private readonly doubts: ConfidenceThresholds = new ConfidenceThresholds(),
    @Optional() private readonly metrics?: TranscriptionMetrics,
  ) {}

  onModuleInit(): void {
    this.metrics?.follow(() => this.reports());
    this.events.on(SessionLive, ({ sessionId, options, resumes }) => {
      const session = this.#session(sessionId);
      session.options = options;
      session.lastUtterance = resumes?.lastUtterance ?? 0;
    });
    this.events.on(TrackPublished, ({ sessionId, trackSid, identity, name }) => {
      if (!this.#ended.has(sessionId)) this.#session(sessionId).roster.add({ trackSid, identity, name });
    });
    this.events.on(ParticipantRenamed, ({ sessionId, identity, name }) => {
      this.#sessions.get(sessionId)?.roster.rename(identity, name);
    });
    this.events.on(SessionEnded, ({ sessionId }) => this.#nobodySpoke(sessionId));
  }

  /** Ends what nobody has ended, and waits until all that is on the way is out. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const { stream } of this.#sessions.values()) stream?.close();
    await this.idle();
  }

  /** A session that is over, or has a stream already, gets an input that leads nowhere. */
  open({ sessionId, startSamples, timeline, channels }: MixedStream): MixedInput {
    if (this.#ended.has(sessionId) || this.#sessions.get(sessionId)?.stream !== undefined) return DEAF;
    const session = this.#session(sessionId);
    const spokeBetween = spokenIn(timeline);
    const unworded = new PendingSpeechTracker(samplesToMs(startSamples), spokeBetween);
    const publish = (fact: object): void => {
      unworded.resolvedUntil(toldUntilMs(fact));
      this.events.publish(fact);
    };
    const ended = (report: SpeechReport): void => this.#forget(sessionId, report);
    const { roster, insights, lastUtterance } = session;
    const room = new SessionTranscription(
      sessionId,
      timeline,
      roster,
      publish,
      insights,
      this.troubles,
      ended,
      lastUtterance,
      channels,
    );
    let heardUntil = startSamples;
    const listener = new ConfidenceFilter(room, this.doubts, this.metrics, () => samplesToMs(heardUntil));
    const request = {
      sessionId,
      startSamples,
      options: session.options,
      spokeBetween,
      channels: channels?.count ?? 1,
    };
    const stream = this.engine.open(request, listener);
    session.stream = stream;
    session.unwordedSinceMs = () => unworded.sinceMs(samplesToMs(heardUntil), stream.report.counters.backlogMs);
    return {
      write: (samples) => {
        heardUntil += samples.length / (channels?.count ?? 1);
        stream.write(samples);
      },
      close: () => stream.close(),
    };
  }

  /** How the transcription of a session is doing; of sessions that ended, only of the latest. */
  state(sessionId: string): SpeechReport | undefined {
    return this.#sessions.get(sessionId)?.stream?.report ?? this.#ended.get(sessionId)?.report;
  }

  /** Since when, on the session clock, something was said that is not in words yet; undefined where all is. */
  unwordedSinceMs(sessionId: string): number | undefined {
    return this.#sessions.get(sessionId)?.unwordedSinceMs?.();
  }

  /** What was made of a session's words, beside the transcript; undefined where nothing was. */
  insights(sessionId: string): SessionInsights['view'] {
    return (this.#sessions.get(sessionId) ?? this.#ended.get(sessionId))?.insights.view;
  }

  /** Those that are being transcribed now. */
  reports(): SpeechReport[] {
    return [...this.#sessions.values()].flatMap(({ stream }) => stream?.report ?? []);
  }

  /** Resolves when no stream is open. */
  async idle(): Promise<void> {
    if (this.reports().length > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #session(sessionId: string): TranscribedSession {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) return known;
    const session = {
      roster: new SpeakerRoster(),
      insights: new SessionInsights(),
      options: { spoken: [], translateTo: [] },
      lastUtterance: 0,
    };
    this.#sessions.set(sessionId, session);
    return session;
  }

  /** Without a mixed stream nothing is on the way. With one, whoever writes it also closes it. */
  #nobodySpoke(sessionId: string): void {
    if (this.#ended.has(sessionId) || this.#sessions.get(sessionId)?.stream !== undefined) return;
    this.events.publish(new TranscriptionStatusChanged(sessionId, 'ended', STATUS_SENTENCES.ended));
    this.#forget(sessionId);
  }

  #forget(sessionId: string, report?: SpeechReport): void {
    const { insights } = this.#session(sessionId);
    this.#sessions.delete(sessionId);
    this.#ended.add(sessionId, { report, insights });
    if (this.reports().length > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

const spokenIn =
  (timeline: SpeakerTimeline) =>
  (fromMs: number, toMs: number): boolean =>
    timeline.activity(fromMs, toMs).length > 0;

/** Up to where a fact speaks of what was said; 0 where it does not. */
function toldUntilMs(fact: object): number {
  if (fact instanceof TranscriptReady) return fact.segment.endMs;
  return fact instanceof TranscriptionStatusChanged ? (fact.span?.endMs ?? 0) : 0;
}

const DEAF: MixedInput = { write: () => undefined, close: () => undefined };
