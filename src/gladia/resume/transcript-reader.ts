import { BoundedMap } from '../../collections/bounded-map.js';
import type { Insight } from '../../transcription/speech-to-text.js';
import type { SessionResult } from '../api/gladia-api.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaUtterance } from '../api/gladia-utterance.js';
import { engineSamples, type EngineClock } from './engine-clock.js';
import type { TimedTranslation, TranslationTracker } from './translation-tracker.js';
import { keyOf, type UtteranceTracker } from './utterance-tracker.js';
import { WordDeduplicator } from './word-deduplicator.js';

/** Where the contents of messages go: one of each for a whole stream. */
export interface TranscriptOutputs {
  readonly utterances: UtteranceTracker;
  readonly translations: TranslationTracker;
  insight(insight: Insight): void;
}

/** For this many utterances translations may still come. */
const MAX_CHANNELS = 500;

/** Reads the messages and the result of one Gladia session, and passes what they say on, in session time and without repeats. */
export class TranscriptReader {
  #isComplete = false;
  #hasSummary = false;
  /** By Gladia's utterance id: its channel, which the messages of translations may leave out. */
  readonly #channels = new BoundedMap<string, number | undefined>(MAX_CHANNELS);
  readonly #words: WordDeduplicator;

  constructor(
    private readonly outputs: TranscriptOutputs,
    /** The number of this Gladia session within the stream. */
    private readonly session: number,
    private readonly clock: EngineClock,
  ) {
    this.#words = new WordDeduplicator(clock);
  }

  /** Whether the whole result came over the socket, so that there is no need to fetch it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get hasSummary(): boolean {
    return this.#hasSummary;
  }

  read(message: GladiaMessage): void {
    switch (message.kind) {
      case 'transcript':
        this.#readTranscript(message);
        return;
      case 'translation':
        this.outputs.translations.receive(
          keyOf(this.session, message.id, message.original.channel ?? this.#channels.get(message.id)),
          this.#translation(message),
        );
        return;
      case 'result':
        this.#recoverUtterances(message.utterances);
        this.#isComplete = true;
        return;
      case 'entities':
        for (const { type, text } of message.entities)
          this.#emitInsight({ kind: 'entity', type, text }, message.original);
        return;
      case 'sentiments':
        for (const each of message.sentiments) this.#emitInsight({ kind: 'sentiment', ...each }, message.original);
        return;
      case 'summary':
        this.#emitSummary(message.text);
        return;
      default: // carries nothing of what was spoken
    }
  }

  /** Takes the session's whole result and emits what the socket did not bring. */
  recover({ utterances, translations, summary }: Pick<SessionResult, 'utterances' | 'translations' | 'summary'>): void {
    this.#recoverUtterances(utterances);
    for (const translation of translations) {
      this.outputs.translations.recover(this.session, this.#translation(translation));
    }
    this.#emitSummary(summary);
  }

  /** Words before this session time are emitted by the Gladia session before this one. */
  emitFrom(ms: number): void {
    this.#words.emitFrom(ms);
  }

  /** Words from this session time on are emitted by the Gladia session after this one. */
  emitUntil(ms: number): void {
    this.#words.emitUntil(ms);
  }

  /** Nothing more will be read: partials that are still open become final. */
  finish(): void {
    this.outputs.utterances.finishSession(this.session, (timed) => this.#words.clip(timed));
  }

  #readTranscript(transcript: Extract<GladiaMessage, { kind: 'transcript' }>): void {
    const { id, final, utterance } = transcript;
    this.clock.transcribed(engineSamples(utterance.end));
    this.#channels.set(id, utterance.channel);
    const timed = this.#words.accept(transcript);
    if (timed === undefined) this.outputs.utterances.dropRepeated(this.session, id, utterance.channel, final);
    else this.outputs.utterances.receive(this.session, id, final, timed);
  }

  #recoverUtterances(utterances: readonly GladiaUtterance[]): void {
    for (const utterance of utterances) this.outputs.utterances.recover(this.session, this.#words.place(utterance));
  }

  #emitSummary(text: string): void {
    if (this.#hasSummary || text.trim() === '') return;
    this.#hasSummary = true;
    this.outputs.insight({ kind: 'summary', text: text.trim() });
  }

  /** Gladia does not document on which clock the times of an entity are, so it gets those of its utterance. */
  #emitInsight(insight: WithoutTimes, original: GladiaUtterance): void {
    const { startMs, endMs } = this.#words.place(original);
    this.outputs.insight({ ...insight, startMs, endMs });
  }

  #translation({ language, utterance }: { language: string; utterance: GladiaUtterance }): TimedTranslation {
    return { language, translated: this.#words.place(utterance) };
  }
}

type TimedInsight = Exclude<Insight, { kind: 'summary' }>;
type WithoutTimes = TimedInsight extends infer T
  ? T extends TimedInsight
    ? Omit<T, 'startMs' | 'endMs'>
    : never
  : never;
