import type { RecordedWord } from '../../recordings/recording.js';
import { bestFit, isAllThere, type Fit } from './correlation.js';
import { fineHz } from './front-end.js';
import type { HeardWord } from './heard-word.js';
import type { History } from './history.js';
import type { KnownSentence } from './lexicon.js';

const perMs = fineHz / 1000;
/** Where a word is looked for: around its expected place, and as far as a jitter buffer may have moved it. */
const near = 2 * perMs;
const wide = 12 * perMs;
/** How long the sound may stop, in a word or before it, and go on: a jitter buffer that ran dry. */
const pause = 260 * perMs;
const contextMs = 600;
/** So much sound it takes to know a word far from its place. */
const lateMs = 240;

const clearScore = 0.45;
const faintScore = 0.25;
const contextScore = 0.42;
const movedScore = 0.65;
const movedMargin = 0.2;
/** For each half of a word that was interrupted. */
const halfScore = 0.5;

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

  /** The words that can be decided with what was heard, and that were there. */
  hear(stream: History): HeardWord[] {
    const heard: HeardWord[] = [];
    const { words } = this.sentence.recording;
    for (let word = words[this.#next]; word && this.#wasReached(word.endMs, wide, stream); word = words[++this.#next]) {
      const verdict = this.#verify(word, stream);
      if (verdict === 'too-early') break;
      if (verdict !== 'absent') heard.push(this.#place(word, verdict));
    }
    return heard;
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
    return this.#verifyLate(word, stream);
  }

  /** The word after a pause that does not belong there, or with one inside. */
  #verifyLate(word: RecordedWord, stream: History): Verdict {
    const endMs = Math.min(Math.max(word.endMs, word.startMs + lateMs), this.#lastWordEndMs);
    if (!this.#wasReached(endMs, pause, stream)) return 'too-early';
    if (endMs - word.startMs < lateMs) return 'absent';
    const late = this.#fit(word.startMs, endMs, near, pause, stream);
    if (late && late.score >= movedScore) {
      const itself = this.#fit(word.startMs, word.endMs, late.lag, late.lag, stream);
      return itself && itself.score >= halfScore ? this.#accept(itself) : 'absent';
    }
    return word.endMs - word.startMs < lateMs ? 'absent' : this.#verifyInterrupted(word, stream);
  }

  #verifyInterrupted(word: RecordedWord, stream: History): Verdict {
    const middleMs = (word.startMs + word.endMs) / 2;
    const head = this.#fit(word.startMs, middleMs, -near, near, stream, false);
    const tail = this.#fit(middleMs, word.endMs, near, pause, stream, false);
    if (!head || !tail || head.score < halfScore || tail.score < halfScore) return 'absent';
    this.start += tail.lag;
    return Math.min(head.score, tail.score);
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
    const sound = stream.span(at + from, at + template.length + to + 1);
    if (!sound) return undefined;
    const fit = bestFit(template, sound, -from, from, to);
    return !whole || isAllThere(template, sound.subarray(fit.lag - from), fit.gain) ? fit : undefined;
  }

  #place(word: RecordedWord, confidence: number): HeardWord {
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
