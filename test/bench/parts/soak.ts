import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchOptions } from '../options.js';
import { descriptors, residentBytes } from '../process-usage.js';
import { slope } from '../statistics.js';
import type { Service } from '../subjects/service.js';
import { runService, type Progress, type TrackLoad } from './service-run.js';

const MOST_TRACKS = 200;
const SAMPLE_EVERY_MS = 10_000;
/** Audio logs are full and code is compiled by then; a soak shorter than twice that says nothing about memory. */
const WARM_UP_MS = 5 * 60_000;

interface Sample {
  readonly atMs: number;
  readonly residentMb: number;
  readonly descriptors: number | null;
  readonly soundLostS: number;
  readonly delayP99Ms: number;
}

export type SoakFigures = Awaited<ReturnType<typeof measureSoak>>;

/** Whether anything grows while tracks are sent for long and nothing goes wrong. */
export async function measureSoak(load: TrackLoad, { soakMs }: BenchOptions, progress: Progress) {
  const tracks = Math.min(load.tracks, MOST_TRACKS);
  progress(`soak, ${tracks} tracks for ${soakMs / 60_000} minutes`);
  const { samples } = await runService({ ...load, tracks }, async (service) => ({
    samples: await sample(service, soakMs, progress),
  }));
  const showsMemory = soakMs >= 2 * WARM_UP_MS;
  const warmMs = showsMemory ? WARM_UP_MS : soakMs / 3;
  const warm = samples.filter(({ atMs }) => atMs >= warmMs);
  const [first, last] = [warm[0], warm.at(-1)];
  if (first === undefined || last === undefined) throw new Error('the soak was too short for a sample');
  const moreDescriptors = (last.descriptors ?? NaN) - (first.descriptors ?? NaN);
  return {
    tracks,
    minutes: soakMs / 60_000,
    warmMinutes: Math.round(warmMs / 6_000) / 10,
    residentMbPerMinute: showsMemory
      ? slope(warm.map(({ atMs, residentMb }) => ({ x: atMs / 60_000, y: residentMb })))
      : null,
    soundLostS: last.soundLostS,
    delayP99Ms: Math.max(...warm.map(({ delayP99Ms }) => delayP99Ms)),
    descriptors: Number.isNaN(moreDescriptors) ? null : moreDescriptors,
    samples,
  };
}

async function sample(service: Service, soakMs: number, progress: Progress): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startMs = performance.now();
  while (performance.now() - startMs < soakMs) {
    const residentMb = residentBytes(service.pid) / 1e6;
    samples.push({
      atMs: Math.round(performance.now() - startMs),
      residentMb,
      descriptors: descriptors(service.pid),
      soundLostS: await service.metric('roomscribe_track_missing_audio_seconds_total'),
      delayP99Ms: 1000 * (await service.metric('roomscribe_event_loop_delay_p99_seconds')),
    });
    if (samples.length % 30 === 0) progress(`soak, ${residentMb.toFixed(0)} MB`);
    await sleep(SAMPLE_EVERY_MS);
  }
  return samples;
}
