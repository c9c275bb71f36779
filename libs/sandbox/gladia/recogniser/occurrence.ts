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
const contextMs = 600;

const clearScore = 0.45;
const faintScore = 0.25;
const contextScore = 0.42;
const movedScore = 0.65;
const movedMargin = 0.2;

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

  /** The words that can be decided with what was heard, and that were there. */
  hear(stream: History): HeardWord[] {
    const heard: HeardWord[] = [];
    const { words } = this.sentence.recording;
    for (let word = words[this.#next]; word && this.#wasReached(word, stream); word = words[++this.#next]) {
      const confidence = this.#verify(word, stream);
      if (confidence !== undefined) heard.push(this.#place(word, confidence));
    }
    return heard;
  }

  #wasReached(word: RecordedWord, stream: History): boolean {
    return this.start + word.endMs * perMs + wide < stream.end;
  }

  #verify(word: RecordedWord, stream: History): number | undefined {
    const here = this.#fit(word.startMs, word.endMs, near, stream);
    if (!here) return undefined;
    const moved = here.score < movedScore ? this.#fit(word.startMs, word.endMs, wide, stream) : undefined;
    if (moved && moved.score >= movedScore && moved.score > here.score + movedMargin) return this.#accept(moved);
    if (here.score >= clearScore) return this.#accept(here);
    return here.score >= faintScore && this.#contextFits(word, stream) ? here.score : undefined;
  }

  #accept(fit: Fit): number {
    this.start += fit.lag;
    return fit.score;
  }

  #contextFits(word: RecordedWord, stream: History): boolean {
    const context = this.#fit(Math.max(0, word.endMs - contextMs), word.endMs, near, stream);
    return context !== undefined && context.score >= contextScore;
  }

  #fit(fromMs: number, toMs: number, reach: number, stream: History): Fit | undefined {
    const template = this.sentence.fine.subarray(fromMs * perMs, toMs * perMs);
    const from = this.start + fromMs * perMs;
    const sound = stream.span(from - reach, from + template.length + reach + 1);
    if (!sound) return undefined;
    const fit = bestFit(template, sound, reach, -reach, reach);
    return isAllThere(template, sound.subarray(reach + fit.lag), fit.gain) ? fit : undefined;
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
      sentenceEndMs: startMs + recording.words[recording.words.length - 1]!.endMs,
    };
  }
}
