import { slope } from '../../bench/statistics.js';
import { inWords } from '../verdict.js';
import type { ServiceUsage } from './service-usage.js';

export interface UsageSample extends ServiceUsage {
  /** Seconds since the rooms were opened. */
  readonly atS: number;
}

export interface MemorySlopes {
  readonly inUseMbPerMin: number | null;
  readonly residentMbPerMin: number | null;
}

/** What was said in all rooms, and what was received of it. */
export interface SpeechFigures {
  readonly saidWords: number;
  /** Missing, and not within a reported gap. */
  readonly missingMs: number;
  readonly missing: readonly string[];
  readonly reportedMissingMs: number;
  readonly gaps: number;
  readonly misnamedWords: number;
  readonly duplicateWords: number;
  readonly duplicates: readonly string[];
  readonly duplicateFinals: number;
  readonly duplicateSeqs: number;
  readonly missingSeqs: number;
  readonly undeliveredFinals: number;
}

export interface SoakFigures extends MemorySlopes {
  readonly speech: SpeechFigures;
  readonly stillHeld: readonly string[];
  readonly egressesLeft: number;
  /** Why a fault could not be injected, by its name. */
  readonly failedInjections: Readonly<Record<string, string>>;
}

/** Audio logs fill up and code is compiled by then. */
const WARM_UP_S = { faults: 180, calm: 300 };
const SLOPE_MB_PER_MIN = { faults: 2, calm: 1 };
const LOOP_DELAY_MS = 20;
const LEAST_MINUTES = 3;
const SAMPLES_A_MINUTE = 4;

/**
 * How fast memory grows once the service is warm, in MB a minute; null when the run is too short to tell. A restarted
 * service begins again. What is resident varies by tens of MB with the moments in which garbage is collected; what is in
 * use is the least of heap and buffers in each minute, right after a collection.
 */
export function memorySlopes(samples: readonly UsageSample[], isCalm: boolean): MemorySlopes {
  const last = samples.filter(({ pid }) => pid === samples.at(-1)?.pid);
  const warmS = (last[0]?.atS ?? 0) + WARM_UP_S[isCalm ? 'calm' : 'faults'];
  const minutes = byMinute(last.filter(({ atS }) => atS >= warmS));
  if (minutes.length < LEAST_MINUTES) return { inUseMbPerMin: null, residentMbPerMin: null };
  const slopeOfLeast = (of: (sample: UsageSample) => number): number | null =>
    slope(minutes.map((rows, x) => ({ x, y: Math.min(...rows.map(of)) })));
  return {
    inUseMbPerMin: slopeOfLeast(({ heapMb, externalMb }) => heapMb + externalMb),
    residentMbPerMin: slopeOfLeast(({ residentMb }) => residentMb),
  };
}

function byMinute(samples: readonly UsageSample[]): UsageSample[][] {
  const firstS = samples[0]?.atS ?? 0;
  const minutes = new Map<number, UsageSample[]>();
  for (const sample of samples) {
    const minute = Math.floor((sample.atS - firstS) / 60);
    minutes.set(minute, [...(minutes.get(minute) ?? []), sample]);
  }
  return [...minutes.values()].filter((rows) => rows.length >= SAMPLES_A_MINUTE);
}

/** What went wrong, in words. */
export function problemsOf(figures: SoakFigures, samples: readonly UsageSample[], isCalm: boolean): string[] {
  const { speech, egressesLeft } = figures;
  const { loopDelayP99Ms = NaN, soundLostS = NaN } = samples.at(-1) ?? {};
  const counts: [number, string][] = [
    [speech.missingMs, 'ms of speech are missing and not reported'],
    [isCalm ? speech.reportedMissingMs + 1000 * soundLostS : 0, 'ms of speech are missing, without any fault'],
    [speech.duplicateWords, 'words came twice or were never said'],
    [speech.misnamedWords, 'words came under no name or another’s'],
    [speech.duplicateFinals, 'segments have two finals'],
    [speech.duplicateSeqs, 'numbers came twice'],
    [speech.undeliveredFinals, 'finals are in the transcript and never came'],
    [isCalm ? speech.missingSeqs : 0, 'numbers are missing'],
    [egressesLeft, 'egresses are left'],
  ];
  return [
    ...inWords(counts),
    ...memoryProblems(figures, isCalm),
    ...(isCalm && loopDelayP99Ms > LOOP_DELAY_MS ? [`the event loop is late by ${loopDelayP99Ms} ms (p99)`] : []),
    ...figures.stillHeld,
    ...Object.entries(figures.failedInjections).map(([name, message]) => `"${name}" could not be injected: ${message}`),
  ];
}

function memoryProblems({ inUseMbPerMin, residentMbPerMin }: MemorySlopes, isCalm: boolean): string[] {
  const mostMb = SLOPE_MB_PER_MIN[isCalm ? 'calm' : 'faults'];
  // Without faults little garbage is made.
  const grownMb = isCalm ? residentMbPerMin : inUseMbPerMin;
  if (grownMb === null || grownMb <= mostMb) return [];
  return [`memory grows by ${grownMb.toFixed(1)} MB a minute, not ${mostMb} MB`];
}
