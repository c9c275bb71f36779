import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { runService } from '../parts/service-run.mjs';
import { Inspector } from './inspector.mjs';
import { topAllocations, topFunctions } from './top-functions.mjs';

const SHOWN = 15;
const SAMPLE_EVERY_US = 500;
const SAMPLE_EVERY_BYTES = 8 * 1024;
const ALLOCATIONS = {
  samplingInterval: SAMPLE_EVERY_BYTES,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
};

/** Profiles the service under the full load: where time goes, then who allocates. Writes both profiles, prints their top. */
export async function profileService(load, { windowMs, profile: file }) {
  await runService({ ...load, nodeOptions: Inspector.NODE_OPTIONS }, async (service) => {
    const inspector = await Inspector.of(service);
    const cpu = await cpuProfile(inspector, windowMs);
    writeFileSync(`${file}.cpuprofile`, JSON.stringify(cpu));
    print('self time', topFunctions(cpu, SHOWN));

    const heap = await heapProfile(inspector, windowMs);
    writeFileSync(`${file}.heapprofile`, JSON.stringify(heap));
    const { total, top } = topAllocations(heap, SHOWN);
    const frames = (load.tracks * windowMs) / 10;
    print(`allocations: ${(total / frames).toFixed(0)} bytes a frame in all, of which`, top);
    inspector.close();
  });
}

async function cpuProfile(inspector, windowMs) {
  await inspector.call('Profiler.enable');
  await inspector.call('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  await inspector.call('Profiler.start');
  await pause(windowMs);
  const { profile } = await inspector.call('Profiler.stop');
  await inspector.call('Profiler.disable');
  return profile;
}

async function heapProfile(inspector, windowMs) {
  await inspector.call('HeapProfiler.startSampling', ALLOCATIONS);
  await pause(windowMs);
  const { profile } = await inspector.call('HeapProfiler.stopSampling');
  return profile;
}

function print(title, rows) {
  console.log(`\n${title}`);
  for (const { place, share } of rows) console.log(`${(100 * share).toFixed(1).padStart(6)} %  ${place}`);
}
