import { setTimeout as pause } from 'node:timers/promises';
import { descriptors, residentBytes } from '../process-usage.mjs';
import { slope } from '../statistics.mjs';
import { runService } from './service-run.mjs';

const MOST_TRACKS = 200;
const LOOK_EVERY_MS = 10_000;
/** Logs of sound are full and code is compiled by then; a shorter soak than twice that tells nothing of memory. */
const WARM_UP_MS = 5 * 60_000;

/** Whether anything grows while tracks are sent for long and nothing goes wrong. */
export async function measureSoak(load, { soakMs }, say) {
  const tracks = Math.min(load.tracks, MOST_TRACKS);
  say(`soak, ${tracks} tracks for ${soakMs / 60_000} minutes`);
  const { looks } = await runService({ ...load, tracks }, async (service) => ({
    looks: await lookAt(service, soakMs, say),
  }));
  const tellsOfMemory = soakMs >= 2 * WARM_UP_MS;
  const warmMs = tellsOfMemory ? WARM_UP_MS : soakMs / 3;
  const warm = looks.filter(({ atMs }) => atMs >= warmMs);
  const [first, last] = [warm[0], warm.at(-1)];
  return {
    tracks,
    minutes: soakMs / 60_000,
    warmMinutes: Math.round(warmMs / 6_000) / 10,
    residentMbPerMinute: tellsOfMemory ? slope(warm.map(growth)) : null,
    soundLostS: last.soundLostS,
    delayP99Ms: Math.max(...warm.map(({ delayP99Ms }) => delayP99Ms)),
    descriptors: last.descriptors === null ? null : last.descriptors - first.descriptors,
    looks,
  };
}

const growth = ({ atMs, residentMb }) => ({ x: atMs / 60_000, y: residentMb });

async function lookAt(service, soakMs, say) {
  const looks = [];
  for (const startMs = performance.now(); performance.now() - startMs < soakMs; await pause(LOOK_EVERY_MS)) {
    looks.push({
      atMs: Math.round(performance.now() - startMs),
      residentMb: residentBytes(service.pid) / 1e6,
      descriptors: descriptors(service.pid),
      soundLostS: await service.metric('roomscribe_track_sound_lost_seconds'),
      delayP99Ms: await service.metric('roomscribe_event_loop_delay_p99_ms'),
    });
    if (looks.length % 30 === 0) say(`soak, ${looks.at(-1).residentMb.toFixed(0)} MB`);
  }
  return looks;
}
