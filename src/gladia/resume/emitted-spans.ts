/** A stretch of session time and what was said in it. */
export interface SpokenSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly channel?: number | undefined;
}

type Times = Pick<SpokenSpan, 'startMs' | 'endMs'>;

/** More finals than there are in the three hours that a Gladia session can last. */
export const MAX_EMITTED_SPANS = 20_000;

/** After a reconnect, two times of the same moment are at most this far apart. */
export const SAME_MOMENT_MS = 250;

/** The finals that were emitted, found by when they were said. */
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

  /** All that may have been said at the same time. Searches backwards, and no further back than necessary. */
  near({ startMs, endMs }: Times): SpokenSpan[] {
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

  /** Forgets what was said before this session time: no repetition of it can come. */
  forgetBefore(ms: number): void {
    this.#spans = this.#spans.filter(({ endMs }) => endMs >= ms - SAME_MOMENT_MS);
    this.#longestMs = this.#spans.reduce((longestMs, span) => Math.max(longestMs, lengthMs(span)), 0);
  }
}

/** A copy to keep for long, without all else that came with it. */
export const bareSpan = ({ startMs, endMs, text, channel }: SpokenSpan): SpokenSpan => ({
  startMs,
  endMs,
  text,
  channel,
});

/** Whether two finals are the same words at the same time: a repetition. */
export function isRepeated(a: SpokenSpan, b: SpokenSpan): boolean {
  if (!isSameChannel(a, b)) return false;
  const isSameTime = Math.abs(a.startMs - b.startMs) <= SAME_MOMENT_MS || isMostlyWithin(a, b);
  return isSameTime && normalizeText(a.text) === normalizeText(b.text);
}

/** Whether they share time and channel, whatever the words: at least half of the shorter one lies in the other. */
export function isMostlyWithin(a: SpokenSpan, b: SpokenSpan): boolean {
  if (!isSameChannel(a, b)) return false;
  const shared = sharedMs(a, b);
  return shared > 0 && shared >= Math.min(lengthMs(a), lengthMs(b)) / 2;
}

/** Whether others of its channel, all together, cover at least half of its time. */
export function isMostlyFilled(span: SpokenSpan, others: readonly SpokenSpan[]): boolean {
  const near = others.filter((other) => isSameChannel(span, other) && sharedMs(span, other) > 0);
  let [filledMs, untilMs] = [0, span.startMs];
  for (const { startMs, endMs } of near.toSorted((a, b) => a.startMs - b.startMs)) {
    filledMs += Math.max(0, Math.min(endMs, span.endMs) - Math.max(startMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return filledMs > 0 && filledMs >= lengthMs(span) / 2;
}

/** A text without case and punctuation, to compare two transcriptions. */
export function normalizeText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const lengthMs = ({ startMs, endMs }: Times): number => endMs - startMs;

const sharedMs = (a: SpokenSpan, b: SpokenSpan): number => Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);

/** Where the engine does not give a channel, it may be any. */
function isSameChannel(a: SpokenSpan, b: SpokenSpan): boolean {
  return a.channel === undefined || b.channel === undefined || a.channel === b.channel;
}
