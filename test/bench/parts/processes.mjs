import { ratio } from '../statistics.mjs';
import { measureService, TRACKS_A_SESSION } from './service-run.mjs';

/** Where the load has no processor of its own, so much of it that all of them together still have time to spare. */
const SHARED_SHARE = 0.3;

/**
 * Two service processes on two processors, each with its own load, against one: tracks for each second of processor time
 * that the services take. With three processors or more the load has its own; with two it stands beside the services,
 * smaller, and whatever it takes of their caches is theirs to bear.
 */
export async function measureProcesses(load, { windowMs }, processors, say) {
  const pair = processors.forTwo();
  if (pair === null) return missing('two processors are needed, and something to pin processes with');
  const tracks = pair.loadApart ? load.tracks : sharedTracks(load.tracks);
  say(`processes, ${tracks} tracks each`);
  try {
    const measure = (processor) => measureService({ ...load, tracks, processor }, windowMs);
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

const sharedTracks = (tracks) => TRACKS_A_SESSION * Math.round((SHARED_SHARE * tracks) / TRACKS_A_SESSION);

const missing = (reason) => ({ twoVsOne: null, outRealtime: null, reason });
