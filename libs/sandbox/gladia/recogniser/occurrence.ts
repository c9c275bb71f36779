import type { RecordedWord } from '../../recordings/recording.js';
import { bestFit, isAllThere, type Fit } from './correlation.js';
import { fineHz } from './front-end.js';
import type { History } from './history.js';
import type { KnownSentence } from './lexicon.js';

/** A word that was verified in the sound. */
export interface RecognisedWord {
  readonly text: string;
  /** Milliseconds of the stream. */
  readonly startMs: number;
  readonly endMs: number;
  /** Normalised correlation with the recording, 0..1. */
  readonly confidence: number;
  readonly language: string;
  /** The sentence it belongs to, and when that one will have been said. */
  readonly recordingId: string;
  readonly sentenceEndMs: number;
}

const perMs = fineHz / 1000;
/** Where a word is looked for: around its expected place, and as far as a jitter buffer may have moved it. */
const near = 2 * perMs;
const wide = 12 * perMs;
/** How far a jitter buffer puts words apart when it runs dry, in a word or before it, and together again in pauses. */
const far = 400 * perMs;
const contextMs = 600;
/** So much sound it takes to know a word far from its place. */
const farMs = 240;

const clearScore = 0.45;
const faintScore = 0.25;
const contextScore = 0.42;
const movedScore = 0.65;
const movedMargin = 0.2;
/** For each part of a word that was interrupted. */
const partScore = 0.5;
/** And for each where one is short, and proves less. */
const shortPartScore = 0.65;
/** Where a word may be taken apart: where it stops for a while, or in what is repeated when it goes on a little earlier. */
const cutPoints = [
  { share: 0.5, least: partScore },
  { share: 0.25, least: shortPartScore },
  { share: 0.75, least: shortPartScore },
];

type Verdict = number | 'absent' | 'too-early';

/** A sentence that is being said: verifies its words one by one, each in its own place, and follows small jumps. */
export class Occurrence {
  #next = 0;

  /** `start`: fine samples of the stream at which the sentence began, moved as the sound moves. */
  constructor(
    readonly sentence: KnownSentence,
    public start: number,
  ) {}

  get isOver(): boolean {
    return this.#next >= this.sentence.recording.words.length;
  }

  get #lastWordEndMs(): number {
    const { words } = this.sentence.recording;
    return words[words.length - 1]!.endMs;
  }

  /** The words that can be decided with the sound so far, and that are in it. */
  verifyWords(stream: History): RecognisedWord[] {
    const verified: RecognisedWord[] = [];
    const { words } = this.sentence.recording;
    for (let word = words[this.#next]; word && this.#wasReached(word.endMs, wide, stream); word = words[++this.#next]) {
      const verdict = this.#verify(word, stream);
      if (verdict === 'too-early') break;
      if (verdict !== 'absent') verified.push(this.#place(word, verdict));
    }
    return verified;
  }

  #wasReached(atMs: number, reach: number, stream: History): boolean {
    return this.start + atMs * perMs + reach < stream.end;
  }

  #verify(word: RecordedWord, stream: History): Verdict {
    const here = this.#fit(word.startMs, word.endMs, -near, near, stream);
    const moved =
      (here?.score ?? 0) < movedScore ? this.#fit(word.startMs, word.endMs, -wide, wide, stream) : undefined;
    if (moved && moved.score >= movedScore && moved.score > (here?.score ?? 0) + movedMargin)
      return this.#accept(moved);
    if (here && here.score >= clearScore) return this.#accept(here);
    if (here && here.score >= faintScore && this.#contextFits(word, stream)) return here.score;
    return this.#verifyFarOff(word, stream);
  }

  /** The word after a pause that is longer or shorter than it was, or with one inside. */
  #verifyFarOff(word: RecordedWord, stream: History): Verdict {
    const endMs = Math.min(Math.max(word.endMs, word.startMs + farMs), this.#lastWordEndMs);
    if (!this.#wasReached(endMs, far, stream)) return 'too-early';
    if (endMs - word.startMs < farMs) return 'absent';
    const moved =
      this.#clearly(this.#fit(word.startMs, endMs, near, far, stream)) ??
      this.#clearly(this.#fit(word.startMs, endMs, -far, -near, stream));
    if (moved) {
      const itself = this.#fit(word.startMs, word.endMs, moved.lag, moved.lag, stream);
      return itself && itself.score >= partScore ? this.#accept(itself) : 'absent';
    }
    return word.endMs - word.startMs < farMs ? 'absent' : this.#verifyInterrupted(word, stream);
  }

  /** Its rest comes late; or its beginning lies before where the rest of the sentence lets one expect it. */
  #verifyInterrupted(word: RecordedWord, stream: History): Verdict {
    for (const { share, least } of cutPoints) {
      const cutMs = word.startMs + share * (word.endMs - word.startMs);
      const late = this.#parts(word, cutMs, [-near, near], [near, far], stream);
      if (late && late.score >= least) {
        this.start += late.tailLag;
        return late.score;
      }
      const early = this.#parts(word, cutMs, [-far, -near], [-near, near], stream);
      if (early && early.score >= least) return early.score;
    }
    return 'absent';
  }

  #parts(
    word: RecordedWord,
    cutMs: number,
    headLags: readonly [number, number],
    tailLags: readonly [number, number],
    stream: History,
  ): { score: number; tailLag: number } | undefined {
    const head = this.#fit(word.startMs, cutMs, ...headLags, stream, false);
    const tail = this.#fit(cutMs, word.endMs, ...tailLags, stream, false);
    return head && tail && { score: Math.min(head.score, tail.score), tailLag: tail.lag };
  }

  #clearly(fit: Fit | undefined): Fit | undefined {
    return fit && fit.score >= movedScore ? fit : undefined;
  }

  #accept(fit: Fit): number {
    this.start += fit.lag;
    return fit.score;
  }

  #contextFits(word: RecordedWord, stream: History): boolean {
    const context = this.#fit(Math.max(0, word.endMs - contextMs), word.endMs, -near, near, stream);
    return context !== undefined && context.score >= contextScore;
  }

  #fit(fromMs: number, toMs: number, from: number, to: number, stream: History, whole = true): Fit | undefined {
    const template = this.sentence.fine.subarray(fromMs * perMs, toMs * perMs);
    const at = this.start + Math.round(fromMs * perMs);
    const first = Math.max(from, stream.start - at);
    const sound = first <= to ? stream.span(at + first, at + template.length + to + 1) : undefined;
    if (!sound) return undefined;
    const fit = bestFit(template, sound, -first, first, to);
    return !whole || isAllThere(template, sound.subarray(fit.lag - first), fit.gain) ? fit : undefined;
  }

  #place(word: RecordedWord, confidence: number): RecognisedWord {
    const { recording } = this.sentence;
    const startMs = this.start / perMs;
    return {
      text: word.text,
      startMs: startMs + word.startMs,
      endMs: startMs + word.endMs,
      confidence: Math.min(1, confidence),
      language: recording.language,
      recordingId: recording.id,
      sentenceEndMs: startMs + this.#lastWordEndMs,
    };
  }
}
