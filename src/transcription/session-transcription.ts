import { Logger } from '@nestjs/common';
import { BoundedMap } from '../collections/bounded-map.js';
import {
  InsightsReady,
  TranscriptReady,
  TranscriptionStatusChanged,
  TranslationReady,
  type TranscriptionStatus,
} from '../events/domain-events.js';
import type { SpeakerChannels } from '../media/speaker-channels.js';
import type { SpeakerTimeline } from '../media/speaker-timeline.js';
import type { SessionProblems } from '../sessions/session-problems.port.js';
import { attribute, type AttributedPart } from './attribution/attribute.js';
import { SegmentTracker, type Segment } from './segment-tracker.js';
import type { SessionInsights } from './session-insights.js';
import type { SpeakerRoster } from './speaker-roster.js';
import type { Insight, SpeechListener, SpeechReport, SpeechState, Translation, Utterance } from './speech-to-text.js';
import { translationParts, type TranslatedSegment } from './translation-parts.js';

/** For how many finals translations may still come. */
const MAX_FINALS = 500;

/** What the people in the room read: what it means for them, not what failed. */
const STATUS_SENTENCES: Record<Exclude<TranscriptionStatus, 'degraded'>, string> = {
  live: 'Live transcription is on.',
  recovered: 'Live transcription is back.',
  gap: 'A part of the conversation could not be transcribed.',
  ended: 'Live transcription has ended.',
};

/** The same, for the states in which nothing is transcribed although it should be. */
const DEGRADED_SENTENCES: Partial<Record<SpeechState, string>> = {
  reconnecting: 'Live transcription is interrupted. What is said now is kept and will be transcribed later.',
  'waiting-for-slot': 'Live transcription is waiting for free capacity. What is said now is kept for a while.',
  refused: 'Live transcription is not available. Please tell whoever runs this service.',
};

export const endedStatus = (sessionId: string): TranscriptionStatusChanged =>
  new TranscriptionStatusChanged(sessionId, 'ended', STATUS_SENTENCES.ended);

interface SessionTranscriptionOptions {
  readonly sessionId: string;
  readonly timeline: SpeakerTimeline;
  /** Where the audio has several channels: whose track is in which. */
  readonly channels: SpeakerChannels | undefined;
  readonly roster: SpeakerRoster;
  readonly insights: SessionInsights;
  readonly problems: SessionProblems;
  /** The number of the last utterance that an earlier run of the session emitted; 0: there was none. */
  readonly lastUtterance: number;
}

interface SessionTranscriptionOutput {
  publish(event: InsightsReady | TranscriptReady | TranslationReady | TranscriptionStatusChanged): void;
  ended(report: SpeechReport): void;
}

/**
 * Turns the engine's output for one session into domain events: utterances into segments with speakers, states of the
 * stream into statuses.
 */
export class SessionTranscription implements SpeechListener {
  readonly #logger = new Logger('Transcription');
  readonly #segments: SegmentTracker;
  /** The text of the last partial of each open utterance. */
  readonly #partials = new Map<string, string>();
  /** The final segments of each utterance, for translations that come later. */
  readonly #finals = new BoundedMap<string, readonly TranslatedSegment[]>(MAX_FINALS);
  /** Tracks that were transcribed in their own channel. */
  readonly #confirmed = new Set<string>();
  #wasLive = false;
  #hasEnded = false;

  constructor(
    private readonly options: SessionTranscriptionOptions,
    private readonly output: SessionTranscriptionOutput,
  ) {
    this.#segments = new SegmentTracker(options.lastUtterance);
  }

  utterance(utterance: Utterance): void {
    if (this.#isUnchanged(utterance)) return;
    const parts = this.#attribute(utterance);
    const segments = this.#segments.revise(utterance.id, parts, utterance.final);
    for (const segment of segments) this.output.publish(this.#transcriptReady(segment, utterance.language));
    if (utterance.final) this.#keepFinals(utterance.id, segments);
  }

  /** Engines repeat a partial while nothing is added to it; it need not be attributed each time. */
  #isUnchanged({ id, final, text }: Utterance): boolean {
    const isSame = this.#partials.get(id) === text;
    if (final) this.#partials.delete(id);
    else this.#partials.set(id, text);
    return isSame && !final;
  }

  #attribute(utterance: Utterance): AttributedPart[] {
    const { channels, timeline } = this.options;
    if (channels === undefined) return attribute(utterance, timeline);
    const parts = attribute(utterance, timeline, { channels, confirmed: this.#confirmed });
    for (const { trackSid } of parts)
      if (trackSid !== null && utterance.channel !== undefined) this.#confirmed.add(trackSid);
    return parts;
  }

  #transcriptReady({ trackSid, candidates, ...segment }: Segment, language: string): TranscriptReady {
    const { sessionId, roster } = this.options;
    return new TranscriptReady(sessionId, {
      ...segment,
      language,
      speaker: roster.find(trackSid),
      candidates: roster.all(candidates),
      source: 'server',
    });
  }

  #keepFinals(utteranceId: string, segments: readonly Segment[]): void {
    const spoken = segments.filter(({ text }) => text !== '');
    this.#finals.set(
      utteranceId,
      spoken.map(({ segmentId, startMs, endMs }) => ({ segmentId, startMs, endMs })),
    );
  }

  translation(translation: Translation): void {
    const segments = this.#finals.get(translation.utteranceId) ?? [];
    for (const { segmentId, text } of translationParts(translation, segments)) {
      this.output.publish(new TranslationReady(this.options.sessionId, segmentId, translation.language, text));
    }
  }

  insight(insight: Insight): void {
    this.options.insights.add(insight);
    if (this.#hasEnded) this.#publishInsights();
  }

  #publishInsights(): void {
    const { view } = this.options.insights;
    if (view !== undefined) this.output.publish(new InsightsReady(this.options.sessionId, view));
  }

  stateChanged(report: SpeechReport): void {
    const { sessionId, problems } = this.options;
    this.#log(report);
    if (report.state === 'live') this.#live();
    const sentence = DEGRADED_SENTENCES[report.state];
    if (sentence !== undefined) problems.begin(sessionId, 'speech-to-text', sentence);
    if (report.state === 'ended') {
      this.#hasEnded = true;
      this.#publishInsights();
      this.output.publish(endedStatus(sessionId));
      this.output.ended(report);
    }
  }

  gap(startMs: number, endMs: number): void {
    const { sessionId } = this.options;
    this.output.publish(new TranscriptionStatusChanged(sessionId, 'gap', STATUS_SENTENCES.gap, { startMs, endMs }));
  }

  #log({ state, reason }: SpeechReport): void {
    const line = `session ${this.options.sessionId} is ${state}${reason === '' ? '' : `: ${reason}`}`;
    if (DEGRADED_SENTENCES[state] === undefined) this.#logger.log(line);
    else this.#logger.warn(line);
  }

  #live(): void {
    const { sessionId, problems } = this.options;
    if (this.#wasLive) problems.end(sessionId, 'speech-to-text', STATUS_SENTENCES.recovered);
    else problems.started(sessionId, STATUS_SENTENCES.live);
    this.#wasLive = true;
  }
}
