/** A stretch of session time and what was said in it. */
export interface SpokenSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly channel?: number | undefined;
}

/** How far apart two times of the same moment may be, after a resume. */
export const SAME_MOMENT_MS = 250;

/** A span to keep for long: what was said in it, without all that came with it. */
export const bareSpan = ({ startMs, endMs, text, channel }: SpokenSpan): SpokenSpan => ({
  startMs,
  endMs,
  text,
  channel,
});

/** Whether two finals are the same words, heard twice because sound was sent twice. */
export function isRepeated(a: SpokenSpan, b: SpokenSpan): boolean {
  if (!isSameChannel(a, b)) return false;
  const isSameTime = Math.abs(a.startMs - b.startMs) <= SAME_MOMENT_MS || isMostlyWithin(a, b);
  return isSameTime && normalizeText(a.text) === normalizeText(b.text);
}

/** Whether they lie on the same stretch of time of one channel, whatever the words: half of the shorter one is in both. */
export function isMostlyWithin(a: SpokenSpan, b: SpokenSpan): boolean {
  if (!isSameChannel(a, b)) return false;
  const shared = sharedMs(a, b);
  return shared > 0 && shared >= Math.min(a.endMs - a.startMs, b.endMs - b.startMs) / 2;
}

/** Whether others fill at least half of its time, in its channel. */
export function isMostlyFilled(span: SpokenSpan, others: readonly SpokenSpan[]): boolean {
  const near = others.filter((other) => isSameChannel(span, other) && sharedMs(span, other) > 0);
  let [filledMs, untilMs] = [0, span.startMs];
  for (const { startMs, endMs } of near.toSorted((a, b) => a.startMs - b.startMs)) {
    filledMs += Math.max(0, Math.min(endMs, span.endMs) - Math.max(startMs, untilMs));
    untilMs = Math.max(untilMs, endMs);
  }
  return filledMs > 0 && filledMs >= (span.endMs - span.startMs) / 2;
}

/** What is left of a text when two hearings of it are to be compared. */
export function normalizeText(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

const sharedMs = (a: SpokenSpan, b: SpokenSpan): number => Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);

/** Where the engine does not say a channel, it may be any. */
function isSameChannel(a: SpokenSpan, b: SpokenSpan): boolean {
  return a.channel === undefined || b.channel === undefined || a.channel === b.channel;
}
