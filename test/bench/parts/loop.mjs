import { measureWindow } from '../load/window.mjs';
import { runService } from './service-run.mjs';

const SHARE_OF_CORE = 0.7;
const METRIC = 'roomscribe_event_loop_delay_p99_ms';

/** How late the event loop runs when the service uses about 70 % of its core. The service's own gauge, since its start. */
export async function measureLoop(load, tracksPerCore, { windowMs }, say) {
  const tracks = 2 * Math.max(5, Math.round((SHARE_OF_CORE * tracksPerCore) / 2));
  say(`loop, ${tracks} tracks`);
  return runService({ ...load, tracks }, async (service, rig) => {
    const { cpuShare } = await measureWindow(rig, service.pid, windowMs);
    return { tracks, cpuShare, delayP99Ms: await service.metric(METRIC) };
  });
}
