import type { RecognisedWord } from './occurrence.js';
import type { RecogniserEvent, Utterance, UtteranceOptions } from './utterance.js';

/** A sentence that has begun is recognised within this time. */
const recognitionMs = 800;
const fadeMs = 20;
const toleranceMs = 30;

/** Whether anybody spoke between two times. */
export type WasActive = (fromMs: number, toMs: number) => boolean;

/** Gathers words into utterances, and emits partials and finals. */
export class UtteranceBuilder {
  #open: OpenUtterance[] = [];

  constructor(
    private readonly options: UtteranceOptions,
    private readonly nextId: () => number,
    private readonly wasActive: WasActive,
  ) {}

  add(word: RecognisedWord): void {
    const fitting = this.#open.filter((utterance) => utterance.accepts(word, this.options));
    const latest = fitting.sort((a, b) => b.endMs - a.endMs)[0];
    if (latest) latest.add(word);
    else this.#open.push(new OpenUtterance(this.nextId(), word));
  }

  /** What is due at this time of the stream. */
  advance(nowMs: number): RecogniserEvent[] {
    const [done, open] = partition(this.#open, (utterance) => nowMs >= this.#finalAtMs(utterance));
    this.#open = open;
    const partials = open.map((utterance) => utterance.takePartial(nowMs, this.options.partialEveryMs));
    return [
      ...partials.flatMap((utterance) => (utterance ? [{ type: 'partial' as const, utterance }] : [])),
      ...finals(done),
    ];
  }

  /** Closes everything at once. */
  flush(): RecogniserEvent[] {
    const done = this.#open;
    this.#open = [];
    return finals(done);
  }

  /** Speech that began in time to belong to the utterance is waited for, until its words must be known. */
  #finalAtMs({ endMs }: OpenUtterance): number {
    const { endpointingMs, finalDelayMs } = this.options;
    const closedMs = endMs + endpointingMs;
    const goesOn = this.wasActive(endMs + fadeMs, closedMs);
    return closedMs + (goesOn ? Math.max(finalDelayMs, recognitionMs) : finalDelayMs);
  }
}

/** An utterance that may still grow. */
class OpenUtterance {
  readonly #words: RecognisedWord[];
  readonly #sentenceEndMs = new Map<string, number>();
  #partialAtMs: number | undefined;
  #hasNews = true;

  constructor(
    private readonly id: number,
    first: RecognisedWord,
  ) {
    this.#words = [first];
    this.#sentenceEndMs.set(first.recordingId, first.sentenceEndMs);
  }

  get endMs(): number {
    return this.#words[this.#words.length - 1]!.endMs;
  }

  /** One language, no pause, not too long, and nobody talking over the other. */
  accepts(word: RecognisedWord, options: UtteranceOptions): boolean {
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

  add(word: RecognisedWord): void {
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

const finals = (done: readonly OpenUtterance[]): RecogniserEvent[] =>
  done.map((utterance) => ({ type: 'final', utterance: utterance.toUtterance() }));

function partition<T>(items: readonly T[], test: (item: T) => boolean): [yes: T[], no: T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
