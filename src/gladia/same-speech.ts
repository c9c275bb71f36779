/** A stretch of session time and what was said in it. */
export interface SpokenSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly channel?: number | undefined;
}

/** How far apart two times of the same moment may be, after a resume. */
const TOLERANCE_MS = 250;

/** Whether two finals are the same words, heard twice because sound was sent twice. */
export function isRepeated(a: SpokenSpan, b: SpokenSpan): boolean {
  if (!isSameChannel(a, b)) return false;
  const isSameTime = Math.abs(a.startMs - b.startMs) <= TOLERANCE_MS || isMostlyWithin(a, b);
  return isSameTime && plain(a.text) === plain(b.text);
}

/** Whether they lie on the same stretch of time of one channel, whatever the words: half of the shorter one is in both. */
export function isMostlyWithin(a: SpokenSpan, b: SpokenSpan): boolean {
  if (!isSameChannel(a, b)) return false;
  const sharedMs = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  return sharedMs > 0 && sharedMs >= Math.min(a.endMs - a.startMs, b.endMs - b.startMs) / 2;
}

/** What is left of a text when two hearings of it are to be compared. */
export function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Where the engine does not say a channel, it may be any. */
function isSameChannel(a: SpokenSpan, b: SpokenSpan): boolean {
  return a.channel === undefined || b.channel === undefined || a.channel === b.channel;
}
