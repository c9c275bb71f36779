import { setTimeout as pause } from 'node:timers/promises';
import { measureWindow } from '../load/window.mjs';
import { runService } from './service-run.mjs';

const SHARE_OF_CORE = 0.7;
const METRIC = 'roomscribe_event_loop_delay_p99_ms';

/** The gauge forgets once a minute: the start has to be forgotten before it tells of the steady state. */
const GAUGE_WINDOW_MS = 60_000;

/** How late the event loop runs when the service uses about 70 % of its core, by the service's own gauge. */
export async function measureLoop(load, tracksPerCore, { windowMs }, say) {
  const tracks = 2 * Math.max(5, Math.round((SHARE_OF_CORE * tracksPerCore) / 2));
  say(`loop, ${tracks} tracks`);
  const startMs = performance.now();
  return runService({ ...load, tracks }, async (service, rig) => {
    await pause(Math.max(0, startMs + GAUGE_WINDOW_MS - performance.now()));
    const { cpuShare } = await measureWindow(rig, service.pid, windowMs);
    return { tracks, cpuShare, delayP99Ms: await service.metric(METRIC) };
  });
}
