import { BoundedMap } from '../../collections/bounded-map.js';
import { splitText } from '../../transcription/attribution/split-text.js';
import type { SpeechWord } from '../../transcription/speech-to-text.js';
import type { GladiaUtterance, GladiaWord } from '../api/gladia-utterance.js';
import { normalizeText, SAME_MOMENT_MS } from './emitted-spans.js';
import { engineSamples, type EngineClock, type TimedUtterance } from './engine-clock.js';

/** Audio is sent again from a log that holds two minutes in memory. */
const REMEMBERED_MS = 180_000;
/** Of a word that the end of a connection cuts, one end may be this far off in the other pass. */
const CUT_MS = 600;
/** Where engine time and session clock differ by more than this from one word to another, they are of two passes. */
const JITTER_MS = 50;
const MAX_PARTIALS = 200;

/** A word on the session clock, with what identifies the pass it is from. */
export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly channel: number | undefined;
  /** Engine time minus session time, at its start and at its end. */
  readonly engineOffsetsMs: readonly [number, number];
  /** Whether this pass is the one that is expected to bring the word. */
  readonly isExpected: boolean;
}

/** A transcript message of a connection. */
interface Transcript {
  readonly id: string;
  readonly final: boolean;
  readonly utterance: GladiaUtterance;
}

/**
 * Decides which words of one Gladia session are emitted, so that each is emitted once although the same audio can be
 * transcribed more than once. Which rule applies when:
 *
 * 1. A connection sends audio again that an earlier one had sent (reconnect): `EngineClock.isLeftToOtherPass` says which of
 *    the two passes is expected to bring a word. The word of that pass is emitted.
 * 2. The engine brings the word in the other pass only, because it took the repetition for a jump in the audio:
 *    `wordsToEmit` then emits it from there, and drops it if the expected pass brings it later after all.
 * 3. Two Gladia sessions overlap around a cut point: the session in whose range the middle of a word lies emits it
 *    (`emitFrom`, `emitUntil`, `clip`).
 * 4. An utterance is repeated as a whole, under another id or in the session's result: `UtteranceTracker` drops it, by
 *    its time and text.
 */
export class WordDeduplicator {
  /** Words of finals that were emitted. */
  #emitted: TimedWord[] = [];
  /** By id of the partial: its words whose pass is the expected one. */
  readonly #partials = new BoundedMap<string, readonly TimedWord[]>(MAX_PARTIALS);
  #fromMs = 0;
  #untilMs = Infinity;

  constructor(private readonly clock: EngineClock) {}

  /** Words before this session time are emitted by the Gladia session before this one. */
  emitFrom(ms: number): void {
    this.#fromMs = ms;
  }

  /** Words from this session time on are emitted by the Gladia session after this one. */
  emitUntil(ms: number): void {
    this.#untilMs = ms;
  }

  /**
   * The utterance of a transcript with the words that are to be emitted, on the session clock; undefined where another
   * pass has emitted all of them.
   */
  accept({ id, final, utterance }: Transcript): TimedUtterance | undefined {
    const timed = this.clock.onSessionClock(utterance);
    const words = this.#timedWords(utterance, timed);
    const isEmitted = this.wordsToEmit(words, id);
    if (words.length > 0 && final)
      this.finalEmitted(
        id,
        words.filter((_, index) => isEmitted[index]),
      );
    else if (words.length > 0) this.partialReceived(id, words);
    const selected = this.#select(utterance, timed, isEmitted);
    if (selected.text === '' && timed.text !== '') return undefined;
    const clipped = this.clip(selected);
    if (final && clipped.text !== '') {
      const last = utterance.words.findLast((_, index) => isEmitted[index]) ?? utterance;
      this.clock.finalEmitted(engineSamples(last.end), utterance.channel);
    }
    return clipped;
  }

  /** The same for an utterance that did not come as a transcript of a connection: nothing is remembered of it. */
  place(utterance: GladiaUtterance): TimedUtterance {
    const timed = this.clock.onSessionClock(utterance);
    return this.clip(this.#select(utterance, timed, this.wordsToEmit(this.#timedWords(utterance, timed))));
  }

  /** Rule 3. An utterance without words is in the range as a whole or not at all. */
  clip(timed: TimedUtterance): TimedUtterance {
    const isInRange = ({ startMs, endMs }: { startMs: number; endMs: number }): boolean => {
      const middleMs = (startMs + endMs) / 2;
      return middleMs >= this.#fromMs && middleMs < this.#untilMs;
    };
    if (timed.words.length > 0) return selectWords(timed, timed.words.map(isInRange));
    return isInRange(timed) ? timed : { ...timed, text: '' };
  }

  /** Rules 1 and 2, for each word. `id` is that of the utterance, where it came as a transcript. */
  wordsToEmit(words: readonly TimedWord[], id?: string): boolean[] {
    const emitted = this.#emittedNear(words);
    const expected = words.filter(({ isExpected }) => isExpected);
    const areAllExpected = expected.length === words.length;
    const elsewhere = areAllExpected ? [] : [...expected, ...this.#partialsExcept(id), ...emitted];
    return words.map((word) =>
      word.isExpected
        ? !emitted.some((other) => isFromOtherPass(other, word))
        : !elsewhere.some((other) => isSameWord(other, word, CUT_MS)),
    );
  }

  /** The words of an utterance that is not final. */
  partialReceived(id: string, words: readonly TimedWord[]): void {
    const expected = words.filter(({ isExpected }) => isExpected);
    this.#partials.set(id, expected);
  }

  /** The words that were emitted of an utterance that is final. */
  finalEmitted(id: string, words: readonly TimedWord[]): void {
    this.#partials.delete(id);
    const sinceMs = (words.at(-1)?.endMs ?? 0) - REMEMBERED_MS;
    this.#emitted = [...this.#emitted.filter(({ endMs }) => endMs >= sinceMs), ...words];
  }

  #select(utterance: GladiaUtterance, timed: TimedUtterance, isEmitted: readonly boolean[]): TimedUtterance {
    if (timed.words.length > 0) return selectWords(timed, isEmitted);
    return this.#isExpected(utterance, utterance.channel) ? timed : { ...timed, text: '' };
  }

  #timedWords({ words, channel }: GladiaUtterance, timed: TimedUtterance): TimedWord[] {
    return words.map((word, index) => this.#timedWord(word, timed.words[index]!, channel));
  }

  #timedWord(word: GladiaWord, { text, startMs, endMs }: SpeechWord, channel: number | undefined): TimedWord {
    const engineOffsetsMs = [word.start * 1_000 - startMs, word.end * 1_000 - endMs] as const;
    return { text, startMs, endMs, channel, engineOffsetsMs, isExpected: this.#isExpected(word, channel) };
  }

  #isExpected({ start, end }: { start: number; end: number }, channel: number | undefined): boolean {
    return !this.clock.isLeftToOtherPass({ start: engineSamples(start), end: engineSamples(end) }, channel);
  }

  #partialsExcept(id: string | undefined): TimedWord[] {
    return [...this.#partials].flatMap(([other, words]) => (other === id ? [] : words));
  }

  #emittedNear(words: readonly TimedWord[]): TimedWord[] {
    const fromMs = Math.min(...words.map(({ startMs }) => startMs)) - CUT_MS;
    const untilMs = Math.max(...words.map(({ endMs }) => endMs)) + CUT_MS;
    return this.#emitted.filter(({ startMs, endMs }) => endMs >= fromMs && startMs <= untilMs);
  }
}

/** The utterance with some of its words only; with none of them its text is empty. */
export function selectWords(utterance: TimedUtterance, isKept: readonly boolean[]): TimedUtterance {
  const { words } = utterance;
  const kept = words.filter((_, index) => isKept[index]);
  const [first] = kept;
  if (kept.length === words.length) return utterance;
  if (first === undefined) return { ...utterance, text: '', words: [] };
  const cuts = words.flatMap((_, index) => (index === 0 || isKept[index] !== isKept[index - 1] ? [index] : []));
  const runs = cuts.map((from, index) => words.slice(from, cuts[index + 1]));
  const texts = splitText(utterance.text, words, runs);
  const text = texts.filter((_, index) => isKept[cuts[index] ?? 0]).join(' ');
  const { startMs } = first;
  return { ...utterance, text, words: kept, startMs, endMs: Math.max(startMs, kept.at(-1)?.endMs ?? utterance.endMs) };
}

/** Whether an emitted word is of the same audio as a word that comes now, in another pass over it. */
function isFromOtherPass(emitted: TimedWord, word: TimedWord): boolean {
  const isOtherPass = emitted.engineOffsetsMs.some((ms, end) => Math.abs(ms - word.engineOffsetsMs[end]!) > JITTER_MS);
  return isOtherPass && isSameWord(emitted, word, SAME_MOMENT_MS);
}

/** Whether two words of one channel lie on the same audio, or have the same text and nearly the same start or end. */
function isSameWord(a: TimedWord, b: TimedWord, withinMs: number): boolean {
  if (a.channel !== b.channel) return false;
  if (isWithin(middleMs(a), b) || isWithin(middleMs(b), a)) return true;
  const isNear = Math.abs(a.startMs - b.startMs) <= withinMs || Math.abs(a.endMs - b.endMs) <= withinMs;
  return isNear && normalizeText(a.text) === normalizeText(b.text);
}

const isWithin = (ms: number, { startMs, endMs }: TimedWord): boolean => ms >= startMs && ms < endMs;

const middleMs = ({ startMs, endMs }: TimedWord): number => (startMs + endMs) / 2;
