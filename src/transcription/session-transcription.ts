import { Logger } from '@nestjs/common';
import {
  InsightsReady,
  TranscriptReady,
  TranscriptionStatusChanged,
  TranslationReady,
} from '../events/domain-events.js';
import type { SpeakerChannels } from '../media/speaker-channels.js';
import type { SpeakerTimeline } from '../media/speaker-timeline.js';
import { attribute, type AttributedPart } from './attribution/attribute.js';
import { SegmentTracker, type Segment } from './attribution/segment-tracker.js';
import type { SessionProblems } from '../sessions/session-problems.port.js';
import { BoundedMap } from '../collections/bounded-map.js';
import type { SpeakerRoster } from './speaker-roster.js';
import type { SessionInsights } from './session-insights.js';
import type { Insight, SpeechListener, SpeechReport, Translation, Utterance } from './speech-to-text.js';
import { DEGRADED_SENTENCES, STATUS_SENTENCES } from './status-sentences.js';
import { translationParts, type TranslatedSegment } from './translation-parts.js';

/** For how many finals translations may still come. */
const MOST_FINALS = 500;

/** Turns what the engine tells of one session into facts: utterances into segments with speakers, states into statuses. */
export class SessionTranscription implements SpeechListener {
  readonly #logger = new Logger('Transcription');
  readonly #segments: SegmentTracker;
  /** The text of each utterance that is not final yet. */
  readonly #partials = new Map<string, string>();
  /** The final segments of each utterance, for translations that come later. */
  readonly #finals = new BoundedMap<string, readonly TranslatedSegment[]>(MOST_FINALS);
  /** Tracks that were heard in their own channel. */
  readonly #proven = new Set<string>();
  #wasLive = false;
  #ended = false;

  constructor(
    private readonly sessionId: string,
    private readonly timeline: SpeakerTimeline,
    private readonly roster: SpeakerRoster,
    private readonly publish: (
      fact: InsightsReady | TranscriptReady | TranslationReady | TranscriptionStatusChanged,
    ) => void,
    private readonly insights: SessionInsights,
    private readonly troubles: SessionProblems,
    private readonly onEnded: (report: SpeechReport) => void,
    lastUtterance = 0,
    private readonly channels?: SpeakerChannels,
  ) {
    this.#segments = new SegmentTracker(lastUtterance);
  }

  utterance(utterance: Utterance): void {
    if (this.#isOldNews(utterance)) return;
    const parts = this.#attributed(utterance);
    const segments = this.#segments.revise(utterance.id, parts, utterance.final);
    for (const segment of segments) this.publish(this.#fact(segment, utterance.language));
    if (utterance.final) this.#keep(utterance.id, segments);
  }

  /** Who was found in a channel of their own is proven to be heard there. */
  #attributed(utterance: Utterance): AttributedPart[] {
    const { channels } = this;
    if (channels === undefined) return attribute(utterance, this.timeline);
    const parts = attribute(utterance, this.timeline, { channels, proven: this.#proven });
    for (const { trackSid } of parts)
      if (trackSid !== null && utterance.channel !== undefined) this.#proven.add(trackSid);
    return parts;
  }

  translation(translation: Translation): void {
    const segments = this.#finals.get(translation.utteranceId) ?? [];
    for (const { segmentId, text } of translationParts(translation, segments)) {
      this.publish(new TranslationReady(this.sessionId, segmentId, translation.language, text));
    }
  }

  insight(insight: Insight): void {
    this.insights.add(insight);
    if (this.#ended) this.#tellInsights();
  }

  #tellInsights(): void {
    const { view } = this.insights;
    if (view !== undefined) this.publish(new InsightsReady(this.sessionId, view));
  }

  #keep(utteranceId: string, segments: readonly Segment[]): void {
    const spoken = segments.filter(({ text }) => text !== '');
    this.#finals.set(
      utteranceId,
      spoken.map(({ segmentId, startMs, endMs }) => ({ segmentId, startMs, endMs })),
    );
  }

  /** Engines say a partial again and again while nothing is added to it; whose it is need not be asked each time. */
  #isOldNews({ id, final, text }: Utterance): boolean {
    const same = this.#partials.get(id) === text;
    if (final) this.#partials.delete(id);
    else this.#partials.set(id, text);
    return same && !final;
  }

  stateChanged(report: SpeechReport): void {
    this.#log(report);
    if (report.state === 'live') this.#well();
    const sentence = DEGRADED_SENTENCES[report.state];
    if (sentence !== undefined) this.troubles.begin(this.sessionId, 'speech-to-text', sentence);
    if (report.state === 'ended') {
      this.#ended = true;
      this.#tellInsights();
      this.#status('ended');
      this.onEnded(report);
    }
  }

  gap(startMs: number, endMs: number): void {
    this.#status('gap', { startMs, endMs });
  }

  #log({ state, reason }: SpeechReport): void {
    const line = `session ${this.sessionId} is ${state}${reason === '' ? '' : `: ${reason}`}`;
    if (DEGRADED_SENTENCES[state] === undefined) this.#logger.log(line);
    else this.#logger.warn(line);
  }

  #well(): void {
    if (this.#wasLive) this.troubles.end(this.sessionId, 'speech-to-text', STATUS_SENTENCES.recovered);
    else this.troubles.started(this.sessionId, STATUS_SENTENCES.live);
    this.#wasLive = true;
  }

  #status(status: 'gap' | 'ended', span?: { startMs: number; endMs: number }): void {
    this.publish(new TranscriptionStatusChanged(this.sessionId, status, STATUS_SENTENCES[status], span));
  }

  #fact({ trackSid, candidates, ...segment }: Segment, language: string): TranscriptReady {
    return new TranscriptReady(this.sessionId, {
      ...segment,
      language,
      speaker: this.roster.find(trackSid),
      candidates: this.roster.all(candidates),
      source: 'server',
    });
  }
}
