import type { Span } from '../media/span.js';
import type { SegmentRequest } from './segment-request.js';

/** A browser's times are used only if its clock is off by less than this. */
const MAX_CLOCK_OFFSET_MS = 2_000;
const MAX_LENGTH_MS = 60_000;
const MS_PER_CHARACTER = 65;
const MIN_LENGTH_MS = 300;

type GivenTimes = Pick<SegmentRequest, 'text' | 'startMs' | 'endMs' | 'startedAt' | 'endedAt'>;

/**
 * The time of a segment on the session clock; it arrived at `arrivedMs`. The browser's times are used where their end agrees
 * with the arrival. Otherwise the arrival is the end, and only the length is the browser's. Without any times the start is
 * that of the earlier revision, or is estimated from the length of the text.
 */
export function placeOnSessionClock(
  given: GivenTimes,
  arrivedMs: number,
  liveAtUnixMs: number,
  earlierStartMs?: number,
): Span {
  const startMs = given.startMs ?? sinceLive(given.startedAt, liveAtUnixMs);
  const endMs = given.endMs ?? sinceLive(given.endedAt, liveAtUnixMs);
  const isPlausible = endMs !== undefined && Math.abs(endMs - arrivedMs) <= MAX_CLOCK_OFFSET_MS;
  const end = Math.max(0, isPlausible ? Math.min(endMs, arrivedMs) : arrivedMs);
  const lengthMs = startMs === undefined || endMs === undefined ? undefined : endMs - startMs;
  const estimatedMs = Math.max(MIN_LENGTH_MS, given.text.length * MS_PER_CHARACTER);
  const start = lengthMs === undefined ? (earlierStartMs ?? end - estimatedMs) : end - lengthMs;
  return { startMs: Math.round(clamp(start, Math.max(0, end - MAX_LENGTH_MS), end)), endMs: Math.round(end) };
}

const sinceLive = (time: string | undefined, liveAtUnixMs: number): number | undefined =>
  time === undefined ? undefined : Date.parse(time) - liveAtUnixMs;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
