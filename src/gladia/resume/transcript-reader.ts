import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaUtterance, GladiaWord } from '../api/gladia-utterance.js';
import type { SessionResult } from '../api/gladia-api.js';
import { selectWords } from './select-words.js';
import { BoundedMap } from '../../collections/bounded-map.js';
import { WordDeduplicator, type PlacedWord } from './word-deduplicator.js';
import { wordsInRange } from './words-in-range.js';
import type { SessionAudio } from './session-audio.js';
import { onSessionClock, type TimedUtterance } from './session-clock.js';
import { SAMPLE_RATE_HZ } from '../../media/audio-format.js';
import type { Insight, SpeechWord } from '../../transcription/speech-to-text.js';
import type { TranslationTracker } from './translation-tracker.js';
import { keyOf, type UtteranceTracker } from './utterance-tracker.js';

/** Where what is read goes: one of each for a whole stream. */
export interface TranscriptOutputs {
  readonly utterances: UtteranceTracker;
  readonly translations: TranslationTracker;
  insight(insight: Insight): void;
}

/** Of so many utterances what comes with them may still come. */
const MOST_FOLLOWED = 500;

/** Hands what one Gladia session says to the ledgers, on the session clock. */
export class TranscriptReader {
  #isComplete = false;
  #hasSummary = false;
  /** Of each utterance: what comes with it need not say it again. */
  readonly #channels = new BoundedMap<string, number | undefined>(MOST_FOLLOWED);
  readonly #hearings = new WordDeduplicator();
  #fromMs = 0;
  #untilMs = Infinity;

  constructor(
    private readonly ledgers: TranscriptOutputs,
    /** Which of the stream's Gladia sessions this is. */
    private readonly session: number,
    private readonly sound: SessionAudio,
    private readonly startSamples: number,
  ) {}

  /** Whether the whole result was read, so that there is no need to ask for it. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  get hasSummary(): boolean {
    return this.#hasSummary;
  }

  read(message: GladiaMessage): void {
    switch (message.kind) {
      case 'transcript':
        this.#hear(message);
        return;
      case 'translation':
        this.ledgers.translations.receive(
          keyOf(this.session, message.id, message.original.channel ?? this.#channels.get(message.id)),
          this.#translated(message),
        );
        return;
      case 'result':
        this.#recoverUtterances(message.utterances);
        this.#isComplete = true;
        return;
      case 'entities':
        for (const { type, text } of message.entities) this.#tell({ kind: 'entity', type, text }, message.original);
        return;
      case 'sentiments':
        for (const each of message.sentiments) this.#tell({ kind: 'sentiment', ...each }, message.original);
        return;
      case 'summary':
        this.#summarize(message.text);
        return;
      default: // says nothing of what was spoken
    }
  }

  /** Takes the session's whole result and adds what the socket did not bring. */
  recover({ utterances, translations, summary }: Pick<SessionResult, 'utterances' | 'translations' | 'summary'>): void {
    this.#recoverUtterances(utterances);
    for (const translation of translations) {
      this.ledgers.translations.recover(this.session, this.#translated(translation));
    }
    this.#summarize(summary);
  }

  /** Words before this moment were heard by the session before this one. */
  ownFrom(ms: number): void {
    this.#fromMs = ms;
  }

  /** Words from this moment on are for the session after this one. */
  ownUntil(ms: number): void {
    this.#untilMs = ms;
  }

  settle(): void {
    this.ledgers.utterances.settle(this.session, (heard) => this.#owned(heard));
  }

  #hear({ id, final, utterance }: Extract<GladiaMessage, { kind: 'transcript' }>): void {
    this.sound.heard(samplesOf(utterance.end));
    this.#channels.set(id, utterance.channel);
    const { once, toldUntil } = this.#once(utterance, { id, final });
    if (once.text === '' && utterance.text.trim() !== '') {
      this.ledgers.utterances.repeated(this.session, id, once.channel, final);
      return;
    }
    const heard = this.#owned(once);
    if (final && heard.text !== '') this.sound.told(toldUntil, utterance.channel);
    this.ledgers.utterances.receive(this.session, id, final, heard);
  }

  #recoverUtterances(utterances: readonly GladiaUtterance[]): void {
    for (const utterance of utterances) this.ledgers.utterances.recover(this.session, this.#place(utterance));
  }

  #summarize(text: string): void {
    if (this.#hasSummary || text.trim() === '') return;
    this.#hasSummary = true;
    this.ledgers.insight({ kind: 'summary', text: text.trim() });
  }

  /** Gladia's own times of entities are not documented to be on any clock; those of their utterance are. */
  #tell(what: Untimed, original: GladiaUtterance): void {
    const { startMs, endMs } = this.#place(original);
    this.ledgers.insight({ ...what, startMs, endMs });
  }

  #translated({ language, utterance }: { language: string; utterance: GladiaUtterance }) {
    return { language, translated: this.#place(utterance) };
  }

  #place(utterance: GladiaUtterance): TimedUtterance {
    return this.#owned(this.#once(utterance).once);
  }

  #owned(heard: TimedUtterance): TimedUtterance {
    return wordsInRange(heard, this.#fromMs, this.#untilMs);
  }

  /**
   * Without the words that are told by another hearing of the same sound, where it was sent again; and the sample that
   * Gladia counted at the end of what is told.
   */
  #once(
    utterance: GladiaUtterance,
    told?: { id: string; final: boolean },
  ): { once: TimedUtterance; toldUntil: number } {
    const heard = onSessionClock(utterance, (server) => this.sound.locate(server), this.startSamples);
    const { words, channel, end } = utterance;
    if (words.length === 0)
      return { once: this.#isOnce(utterance, channel) ? heard : { ...heard, text: '' }, toldUntil: samplesOf(end) };
    const placed = words.map((word, index) => this.#placed(word, heard.words[index]!, channel));
    const isTold = this.#hearings.choose(placed, told?.id);
    const toldWords = placed.filter((_, index) => isTold[index]);
    if (told?.final === true) this.#hearings.told(told.id, toldWords);
    else if (told !== undefined) this.#hearings.received(told.id, placed);
    const last = words.findLast((_, index) => isTold[index]);
    return { once: selectWords(heard, isTold), toldUntil: samplesOf(last?.end ?? end) };
  }

  #placed(word: GladiaWord, { text, startMs, endMs }: SpeechWord, channel: number | undefined): PlacedWord {
    const laterMs = [word.start * 1_000 - startMs, word.end * 1_000 - endMs] as const;
    return { text, startMs, endMs, channel, laterMs, isExpected: this.#isOnce(word, channel) };
  }

  #isOnce({ start, end }: { start: number; end: number }, channel: number | undefined): boolean {
    return !this.sound.isEmittedElsewhere({ start: samplesOf(start), end: samplesOf(end) }, channel);
  }
}

const samplesOf = (seconds: number): number => Math.max(0, seconds) * SAMPLE_RATE_HZ;

type Timed = Exclude<Insight, { kind: 'summary' }>;
type Untimed = Timed extends infer T ? (T extends Timed ? Omit<T, 'startMs' | 'endMs'> : never) : never;
