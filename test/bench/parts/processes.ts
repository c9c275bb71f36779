import type { BenchOptions } from '../options.js';
import type { Processors } from '../processors.js';
import { ratio } from '../statistics.js';
import { measureService, TRACKS_A_SESSION, type Progress, type ServiceFigures, type TrackLoad } from './service-run.js';

/** Where the load has no processor of its own, so much of it that all of them together still have time to spare. */
const SHARED_SHARE = 0.3;

export interface ProcessesFigures {
  readonly twoVsOne: number | null;
  readonly outRealtime: readonly (number | null)[] | null;
  readonly tracks?: number;
  readonly loadApart?: boolean;
  /** Why it could not be measured. */
  readonly reason: string | null;
}

/**
 * Two service processes on two processors, each with its own load, against one: tracks for each second of processor time
 * that the services take. With three processors or more the load has its own; with two it shares those of the services, is
 * smaller, and disturbs their caches.
 */
export async function measureProcesses(
  load: TrackLoad,
  { windowMs }: BenchOptions,
  processors: Processors,
  progress: Progress,
): Promise<ProcessesFigures> {
  const pair = processors.forTwo();
  if (pair === null) return missing('two processors are needed, and something to pin processes with');
  const tracks = pair.loadApart ? load.tracks : sharedTracks(load.tracks);
  progress(`processes, ${tracks} tracks each`);
  try {
    const measure = (processor: string): Promise<ServiceFigures> =>
      measureService({ ...load, tracks, processor }, windowMs);
    const one = await measure(pair.subjects[0]);
    const both = await Promise.all(pair.subjects.map(measure));
    const tracksOnTwo = both.reduce((sum, run) => sum + run.tracksPerCore, 0);
    return {
      twoVsOne: ratio(tracksOnTwo, one.tracksPerCore),
      outRealtime: both.map((run) => run.outRealtime),
      ...{ tracks, loadApart: pair.loadApart, reason: null },
    };
  } finally {
    pair.release();
  }
}

const sharedTracks = (tracks: number): number =>
  TRACKS_A_SESSION * Math.round((SHARED_SHARE * tracks) / TRACKS_A_SESSION);

const missing = (reason: string): ProcessesFigures => ({ twoVsOne: null, outRealtime: null, reason });
