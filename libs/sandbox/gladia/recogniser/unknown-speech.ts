import type { Stretch } from './voice-activity.js';

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** Words of a stretch that has ended are known by then, however late their sentence was found. */
const settledMs = 1_300;
/** Around a word, and between the words of a sentence. */
const marginMs = 150;
const shortestMs = 600;

/** Finds the stretches of speech that no recognised word accounts for. */
export class UnknownSpeech {
  #stretches: Stretch[] = [];
  #known: Span[] = [];

  constructor(private readonly maximumMs: number) {}

  /** A stretch that has begun; its end is read from it later. */
  add(stretch: Stretch): void {
    this.#stretches.push(stretch);
  }

  addWord({ startMs, endMs }: Span): void {
    this.#known.push({ startMs: startMs - marginMs, endMs: endMs + marginMs });
  }

  /** The unaccounted stretches that are settled at this time. */
  take(nowMs: number): Span[] {
    const found: Span[] = [];
    for (let stretch = this.#stretches[0]; stretch; stretch = this.#stretches[0]) {
      const endMs = Math.min(stretch.endMs ?? Infinity, stretch.startMs + this.maximumMs);
      if (nowMs < endMs + settledMs) break;
      found.push(...this.#uncovered(stretch.startMs, endMs));
      this.#known = this.#known.filter((span) => span.endMs > endMs);
      if (endMs === stretch.endMs) this.#stretches.shift();
      else this.#stretches[0] = continued(stretch, endMs);
    }
    return found;
  }

  #uncovered(startMs: number, endMs: number): Span[] {
    const gaps: Span[] = [];
    let fromMs = startMs;
    for (const span of this.#known.sort((a, b) => a.startMs - b.startMs)) {
      gaps.push({ startMs: fromMs, endMs: Math.min(span.startMs, endMs) });
      fromMs = Math.max(fromMs, span.endMs);
    }
    gaps.push({ startMs: fromMs, endMs });
    return gaps.filter((gap) => gap.endMs - gap.startMs >= shortestMs);
  }
}

/** The rest of a long stretch; its end is still the original's. */
function continued(stretch: Stretch, startMs: number): Stretch {
  return {
    startMs,
    get endMs() {
      return stretch.endMs;
    },
    set endMs(endMs) {
      stretch.endMs = endMs;
    },
  };
}
