import { setTimeout as sleep } from 'node:timers/promises';
import { measureWindow } from '../load/window.js';
import type { BenchOptions } from '../options.js';
import { runService, type Progress, type TrackLoad } from './service-run.js';

const SHARE_OF_CORE = 0.7;
const METRIC = 'roomscribe_event_loop_delay_p99_seconds';

/** The gauge forgets once a minute: the start must be forgotten before it shows the steady state. */
const GAUGE_WINDOW_MS = 60_000;

export type LoopFigures = Awaited<ReturnType<typeof measureLoop>>;

/** How late the event loop runs when the service uses about 70 % of its core, by the service's own gauge. */
export async function measureLoop(
  load: TrackLoad,
  tracksPerCore: number,
  { windowMs }: BenchOptions,
  progress: Progress,
) {
  const tracks = 2 * Math.max(5, Math.round((SHARE_OF_CORE * tracksPerCore) / 2));
  progress(`loop, ${tracks} tracks`);
  const startMs = performance.now();
  return runService({ ...load, tracks }, async (service, rig) => {
    await sleep(Math.max(0, startMs + GAUGE_WINDOW_MS - performance.now()));
    const { cpuShare } = await measureWindow(rig, service.pid, windowMs);
    return { tracks, cpuShare, delayP99Ms: 1000 * (await service.metric(METRIC)) };
  });
}
