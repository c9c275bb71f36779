import type { HeardWord } from './heard-word.js';
import { OpenUtterance } from './open-utterance.js';
import type { RecogniserEvent, UtteranceOptions } from './utterance.js';

/** A sentence that has begun is recognised within this time. */
const recognitionMs = 800;
const fadeMs = 20;

/** Whether anybody was heard between two times. */
export type WasActive = (fromMs: number, toMs: number) => boolean;

/** Gathers words into utterances, and tells partials and finals. */
export class UtteranceBuilder {
  #open: OpenUtterance[] = [];

  constructor(
    private readonly options: UtteranceOptions,
    private readonly nextId: () => number,
    private readonly wasActive: WasActive,
  ) {}

  add(word: HeardWord): void {
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

const finals = (done: readonly OpenUtterance[]): RecogniserEvent[] =>
  done.map((utterance) => ({ type: 'final', utterance: utterance.toUtterance() }));

function partition<T>(items: readonly T[], test: (item: T) => boolean): [yes: T[], no: T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
