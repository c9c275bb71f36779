import { SAME_MOMENT_MS, type SpokenSpan } from './span-overlap.js';

type Stretch = Pick<SpokenSpan, 'startMs' | 'endMs'>;

/** More than are said in the three hours that a Gladia session lasts, whoever talks over whom. */
export const MAX_EMITTED_SPANS = 20_000;

/** What was told, found by when it was said. */
export class EmittedSpans {
  /** In the order in which they begin. */
  #spans: SpokenSpan[] = [];
  #longestMs = 0;

  add(span: SpokenSpan): void {
    const before = this.#spans.findLastIndex(({ startMs }) => startMs <= span.startMs);
    this.#spans.splice(before + 1, 0, span);
    if (this.#spans.length > MAX_EMITTED_SPANS) this.#spans.shift();
    this.#longestMs = Math.max(this.#longestMs, lengthMs(span));
  }

  /** All that may have been said at the same time; looks at the latest first, and no further back than need be. */
  near({ startMs, endMs }: Stretch): SpokenSpan[] {
    const fromMs = startMs - SAME_MOMENT_MS;
    const untilMs = Math.max(endMs, startMs + SAME_MOMENT_MS);
    const near: SpokenSpan[] = [];
    for (let index = this.#spans.length - 1; index >= 0; index--) {
      const span = this.#spans[index]!;
      if (span.startMs + this.#longestMs < fromMs) break;
      if (span.startMs <= untilMs && span.endMs >= fromMs) near.push(span);
    }
    return near;
  }

  /** Nothing can be said any more of what was said before this moment. */
  forgetBefore(ms: number): void {
    this.#spans = this.#spans.filter(({ endMs }) => endMs >= ms - SAME_MOMENT_MS);
    this.#longestMs = this.#spans.reduce((longestMs, span) => Math.max(longestMs, lengthMs(span)), 0);
  }
}

const lengthMs = ({ startMs, endMs }: Stretch): number => endMs - startMs;
