import type { Span } from '../media/span.js';
import type { SegmentRequest } from './segment-request.js';

/** A browser's clock that is further off than this says nothing. */
const BELIEVED_WITHIN_MS = 2_000;
const LONGEST_MS = 60_000;
const MS_PER_CHARACTER = 65;
const SHORTEST_MS = 300;

type GivenTimes = Pick<SegmentRequest, 'text' | 'startMs' | 'endMs' | 'startedAt' | 'endedAt'>;

/**
 * Where on the session clock a segment lies that arrived at `arrivedMs`. What the browser says is believed where its end
 * agrees with the arrival; otherwise the arrival is the end, and only the length is the browser's. Without any times the
 * beginning is that of the earlier revision, or is guessed from the length of the text.
 */
export function placeOnSessionClock(
  given: GivenTimes,
  arrivedMs: number,
  liveAtUnixMs: number,
  earlierStartMs?: number,
): Span {
  const startMs = given.startMs ?? sinceLive(given.startedAt, liveAtUnixMs);
  const endMs = given.endMs ?? sinceLive(given.endedAt, liveAtUnixMs);
  const isBelieved = endMs !== undefined && Math.abs(endMs - arrivedMs) <= BELIEVED_WITHIN_MS;
  const end = Math.max(0, isBelieved ? Math.min(endMs, arrivedMs) : arrivedMs);
  const lengthMs = startMs === undefined || endMs === undefined ? undefined : endMs - startMs;
  const guessedMs = Math.max(SHORTEST_MS, given.text.length * MS_PER_CHARACTER);
  const start = lengthMs === undefined ? (earlierStartMs ?? end - guessedMs) : end - lengthMs;
  return { startMs: Math.round(clamp(start, Math.max(0, end - LONGEST_MS), end)), endMs: Math.round(end) };
}

const sinceLive = (time: string | undefined, liveAtUnixMs: number): number | undefined =>
  time === undefined ? undefined : Date.parse(time) - liveAtUnixMs;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
