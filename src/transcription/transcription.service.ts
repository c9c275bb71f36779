import { Inject, Injectable, Optional, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Deferred } from '../async/deferred.js';
import { EndedSessions } from '../collections/ended-sessions.js';
import type { SpeechOptions } from '../config/speech-options.js';
import {
  ParticipantRenamed,
  PersonErased,
  SessionEnded,
  SessionErased,
  SessionLive,
  TrackPublished,
  TranscriptReady,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { samplesToMs } from '../media/audio-format.js';
import { MixedAudioSink, type MixedInput, type MixedStream } from '../media/mixed-audio-sink.js';
import type { SpeakerTimeline } from '../media/speaker-timeline.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { ActiveEngine } from './active-engine.js';
import { ConfidenceFilter, ConfidenceThresholds } from './confidence-filter.js';
import { PendingSpeechTracker } from './pending-speech-tracker.js';
import { SessionInsights } from './session-insights.js';
import { endedStatus, SessionTranscription } from './session-transcription.js';
import { SpeakerRoster } from './speaker-roster.js';
import { SpeechToText, type SpeechReport, type SpeechStream } from './speech-to-text.js';
import { TranscriptionMetrics } from './transcription-metrics.js';

interface TranscribedSession {
  readonly roster: SpeakerRoster;
  readonly insights: SessionInsights;
  options: SpeechOptions;
  /** The number of the last utterance that an earlier run of the service emitted; 0: there was none. */
  lastUtterance: number;
  /** Set when the first audio comes. */
  stream?: SpeechStream;
  pendingSinceMs?: () => number | undefined;
}

/**
 * Passes the mixed audio of each session to the speech-to-text engine, and publishes what comes back. The way of a word:
 *
 * 1. the engine's own message (for Gladia: `GladiaMessage` with a `GladiaUtterance`, in engine time)
 * 2. `Utterance`: in session time, with one id from its first partial to its final (`SpeechToText`, made by the driver)
 * 3. the same, unless its confidence is too low (`ConfidenceFilter`)
 * 4. `AttributedPart`: what one speaker said of it (`attribute`)
 * 5. `Segment`: the part with its id and revision (`SegmentTracker`)
 * 6. the event `TranscriptReady`: the segment with names (`SessionTranscription`), for all that publish or store it
 */
@Injectable()
export class TranscriptionService implements MixedAudioSink, OnModuleInit, BeforeApplicationShutdown {
  readonly #sessions = new Map<string, TranscribedSession>();
  readonly #ended = new EndedSessions<{ report: SpeechReport | undefined; insights: SessionInsights }>();
  #whenIdle = new Deferred();

  constructor(
    private readonly events: EventBus,
    @Inject(ActiveEngine) private readonly engine: SpeechToText,
    private readonly problems: SessionProblems,
    @Optional() private readonly thresholds: ConfidenceThresholds = new ConfidenceThresholds(),
    @Optional() private readonly metrics?: TranscriptionMetrics,
  ) {}

  onModuleInit(): void {
    this.metrics?.observe(() => this.reports());
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
    this.events.on(SessionErased, ({ sessionId }) => this.#ended.delete(sessionId));
    this.events.on(PersonErased, ({ sessionId }) => {
      (this.#sessions.get(sessionId) ?? this.#ended.get(sessionId))?.insights.clear();
    });
    this.events.on(SessionEnded, ({ sessionId }) => this.#endWithoutAudio(sessionId));
  }

  /** Closes the open streams and waits until everything on its way is published. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const { stream } of this.#sessions.values()) stream?.close();
    await this.idle();
  }

  /** Opens the stream of a session. A session that has ended, or has a stream, gets an input that ignores its audio. */
  open(mixed: MixedStream): MixedInput {
    const { sessionId, startSamples, timeline, channels } = mixed;
    if (this.#ended.has(sessionId) || this.#sessions.get(sessionId)?.stream !== undefined) return IGNORING;
    const session = this.#session(sessionId);
    const spokeBetween = speechIn(timeline);
    const pending = new PendingSpeechTracker(samplesToMs(startSamples), spokeBetween);
    let receivedUntil = startSamples;
    const listener = this.#listener(mixed, session, pending, () => samplesToMs(receivedUntil));
    const channelCount = channels?.count ?? 1;
    const { options } = session;
    const stream = this.engine.open(
      { sessionId, startSamples, options, spokeBetween, channels: channelCount },
      listener,
    );
    session.stream = stream;
    session.pendingSinceMs = () => pending.sinceMs(samplesToMs(receivedUntil), stream.report.counters.backlogMs);
    return {
      write: (samples) => {
        receivedUntil += samples.length / channelCount;
        stream.write(samples);
      },
      close: () => stream.close(),
    };
  }

  /** How the transcription of a session is; of sessions that have ended, only of the latest. */
  state(sessionId: string): SpeechReport | undefined {
    return this.#sessions.get(sessionId)?.stream?.report ?? this.#ended.get(sessionId)?.report;
  }

  /** The session time since when speech is pending, see `PendingSpeech`. */
  pendingSinceMs(sessionId: string): number | undefined {
    return this.#sessions.get(sessionId)?.pendingSinceMs?.();
  }

  /** What the engine derived from a session's words, beside the transcript; undefined where there is nothing. */
  insights(sessionId: string): SessionInsights['view'] {
    return (this.#sessions.get(sessionId) ?? this.#ended.get(sessionId))?.insights.view;
  }

  /** Of the sessions that have an open stream. */
  reports(): SpeechReport[] {
    return [...this.#sessions.values()].flatMap(({ stream }) => stream?.report ?? []);
  }

  /** Resolves when no stream is open. */
  async idle(): Promise<void> {
    if (this.reports().length > 0) await this.#whenIdle.promise;
  }

  #listener(
    { sessionId, timeline, channels }: MixedStream,
    { roster, insights, lastUtterance }: TranscribedSession,
    pending: PendingSpeechTracker,
    receivedUntilMs: () => number,
  ): ConfidenceFilter {
    const { problems } = this;
    const options = { sessionId, timeline, channels, roster, insights, problems, lastUtterance };
    const transcription = new SessionTranscription(options, {
      publish: (event) => {
        pending.resolvedUntil(resolvedUntilMs(event));
        this.events.publish(event);
      },
      ended: (report) => this.#end(sessionId, report),
    });
    return new ConfidenceFilter(transcription, this.thresholds, this.metrics, receivedUntilMs);
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

  /** A session without a stream ends at once; a stream is closed by whoever writes to it. */
  #endWithoutAudio(sessionId: string): void {
    if (this.#ended.has(sessionId) || this.#sessions.get(sessionId)?.stream !== undefined) return;
    this.events.publish(endedStatus(sessionId));
    this.#end(sessionId);
  }

  #end(sessionId: string, report?: SpeechReport): void {
    const { insights } = this.#session(sessionId);
    this.#sessions.delete(sessionId);
    this.#ended.add(sessionId, { report, insights });
    if (this.reports().length > 0) return;
    this.#whenIdle.resolve();
    this.#whenIdle = new Deferred();
  }
}

const speechIn =
  (timeline: SpeakerTimeline) =>
  (fromMs: number, toMs: number): boolean =>
    timeline.activity(fromMs, toMs).length > 0;

/** The session time up to which an event accounts for what was said; 0 where it does not. */
function resolvedUntilMs(event: object): number {
  if (event instanceof TranscriptReady) return event.segment.endMs;
  return event instanceof TranscriptionStatusChanged ? (event.span?.endMs ?? 0) : 0;
}

const IGNORING: MixedInput = { write: () => undefined, close: () => undefined };
