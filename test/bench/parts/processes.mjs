import { ratio } from '../statistics.mjs';
import { measureService } from './service-run.mjs';

/** Two service processes on two processors, each with the whole load, against one. Needs a third for what loads them. */
export async function measureProcesses(load, { windowMs }, processors, say) {
  if (processors.subjects === null) return missing('nothing can be pinned here');
  if (processors.subjects.length < 2)
    return missing(`${processors.count} processors: no room for two services and their load`);
  say('processes');
  const [first, second] = processors.subjects;
  const one = await measureService({ ...load, processor: first }, windowMs);
  const both = await Promise.all([first, second].map((processor) => measureService({ ...load, processor }, windowMs)));
  const tracksOnTwo = both.reduce((sum, run) => sum + run.tracksPerCore, 0);
  return {
    twoVsOne: ratio(tracksOnTwo, one.tracksPerCore),
    outRealtime: both.map((run) => run.outRealtime),
    reason: null,
  };
}

const missing = (reason) => ({ twoVsOne: null, outRealtime: null, reason });
