import type { HeardWord } from './heard-word.js';
import type { Utterance, UtteranceOptions } from './utterance.js';

const toleranceMs = 30;

/** An utterance that may still grow. */
export class OpenUtterance {
  readonly #words: HeardWord[];
  readonly #sentenceEndMs = new Map<string, number>();
  #partialAtMs: number | undefined;
  #hasNews = true;

  constructor(
    private readonly id: number,
    first: HeardWord,
  ) {
    this.#words = [first];
    this.#sentenceEndMs.set(first.recordingId, first.sentenceEndMs);
  }

  get endMs(): number {
    return this.#words[this.#words.length - 1]!.endMs;
  }

  /** One language, no pause, not too long, and nobody talking over the other. */
  accepts(word: HeardWord, options: UtteranceOptions): boolean {
    const first = this.#words[0]!;
    const pauseMs = word.startMs - this.endMs;
    return (
      word.language === first.language &&
      pauseMs >= -toleranceMs &&
      pauseMs < options.endpointingMs &&
      word.endMs - first.startMs <= options.maximumMs &&
      this.#othersEndMs(word.recordingId) <= word.startMs + toleranceMs
    );
  }

  add(word: HeardWord): void {
    this.#words.push(word);
    this.#sentenceEndMs.set(word.recordingId, word.sentenceEndMs);
    this.#hasNews = true;
  }

  /** The utterance so far, when a partial is due. */
  takePartial(nowMs: number, everyMs: number): Utterance | undefined {
    if (!this.#hasNews || nowMs < (this.#partialAtMs ?? -Infinity) + everyMs) return undefined;
    this.#hasNews = false;
    this.#partialAtMs = nowMs;
    return this.toUtterance();
  }

  toUtterance(): Utterance {
    const { id } = this;
    const words = this.#words.map(({ text, startMs, endMs, confidence }) => ({ text, startMs, endMs, confidence }));
    const confidence = words.reduce((sum, word) => sum + word.confidence, 0) / words.length;
    const { startMs, language } = this.#words[0]!;
    return { id, startMs, endMs: this.endMs, language, confidence, words };
  }

  #othersEndMs(recordingId: string): number {
    const others = [...this.#sentenceEndMs].filter(([id]) => id !== recordingId).map(([, endMs]) => endMs);
    return Math.max(-Infinity, ...others);
  }
}
