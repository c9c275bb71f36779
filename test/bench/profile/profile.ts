import { writeFileSync } from 'node:fs';
import type { HeapProfiler, Profiler } from 'node:inspector';
import { setTimeout as sleep } from 'node:timers/promises';
import { runService, type TrackLoad } from '../parts/service-run.js';
import { Inspector } from './inspector.js';
import { topAllocations, topFunctions, type Place } from './top-functions.js';

const SHOWN = 15;
const SAMPLE_EVERY_US = 500;
const SAMPLE_EVERY_BYTES = 8 * 1024;
const ALLOCATIONS = {
  samplingInterval: SAMPLE_EVERY_BYTES,
  includeObjectsCollectedByMajorGC: true,
  includeObjectsCollectedByMinorGC: true,
};

/**
 * Profiles the service under the full load: where time goes, then who allocates. Writes both profiles, prints their top.
 * @param file of both, without their extension
 */
export async function profileService(load: TrackLoad, windowMs: number, file: string): Promise<void> {
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
    return {};
  });
}

async function cpuProfile(inspector: Inspector, windowMs: number): Promise<Profiler.Profile> {
  await inspector.call('Profiler.enable');
  await inspector.call('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
  await inspector.call('Profiler.start');
  await sleep(windowMs);
  const { profile } = (await inspector.call('Profiler.stop')) as Profiler.StopReturnType;
  await inspector.call('Profiler.disable');
  return profile;
}

async function heapProfile(inspector: Inspector, windowMs: number): Promise<HeapProfiler.SamplingHeapProfile> {
  await inspector.call('HeapProfiler.startSampling', ALLOCATIONS);
  await sleep(windowMs);
  const { profile } = (await inspector.call('HeapProfiler.stopSampling')) as HeapProfiler.StopSamplingReturnType;
  return profile;
}

function print(title: string, rows: readonly Place[]): void {
  console.log(`\n${title}`);
  for (const { place, share } of rows) console.log(`${(100 * share).toFixed(1).padStart(6)} %  ${place}`);
}
