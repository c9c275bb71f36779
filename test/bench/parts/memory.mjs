import { setTimeout as pause } from 'node:timers/promises';
import { Rig } from '../load/rig.mjs';
import { residentBytes } from '../process-usage.mjs';
import { Inspector } from '../profile/inspector.mjs';
import { Service } from '../subjects/service.mjs';
import { roomNames } from './service-run.mjs';

const SESSIONS = 60;
const MORE_TRACKS_EACH = 3;
/** The log of sound is held at this length, so that it is full, and in memory, when memory is read. */
const LOG_S = 6;
const DEFAULT_LOG_S = 120;
const LOG_MB_PER_SECOND = 0.032;
const FILL_MS = (LOG_S + 2) * 1000;
const SETTLE_MS = 500;

/** What sessions and tracks add to the resident memory: first one track a session, then three more in each. */
export async function measureMemory(load, say) {
  say('memory');
  const rig = await Rig.start(load.talk);
  const service = await startService(rig, load.processor);
  const inspector = await Inspector.of(service);
  try {
    const rooms = roomNames(SESSIONS);
    const emptyMb = await liveMb(inspector, service.pid);
    rig.populate(rooms, 1);
    await service.goLive(rooms);
    const oneEachMb = await liveMb(inspector, service.pid, rig, SESSIONS);
    rig.populate(rooms, MORE_TRACKS_EACH);
    const moreEachMb = await liveMb(inspector, service.pid, rig, SESSIONS * (1 + MORE_TRACKS_EACH));
    return sums(emptyMb, oneEachMb, moreEachMb);
  } finally {
    inspector.close();
    await service.stop();
    await rig.stop();
  }
}

const startService = ({ gladiaUrl, livekitUrl }, processor) =>
  Service.start({
    livekitUrl,
    gladiaUrl,
    processor,
    nodeOptions: Inspector.NODE_OPTIONS,
    env: { AUDIO_LOG_S: String(LOG_S), SESSION_RECONCILE_S: '0.5' },
  });

/** The full log is reckoned, not waited for. */
function sums(emptyMb, oneEachMb, moreEachMb) {
  const perTrackMb = (moreEachMb - oneEachMb) / (SESSIONS * MORE_TRACKS_EACH);
  const perSessionMb = (oneEachMb - emptyMb) / SESSIONS - perTrackMb + (DEFAULT_LOG_S - LOG_S) * LOG_MB_PER_SECOND;
  return { emptyMb, oneEachMb, moreEachMb, perTrackMb, perSessionMb };
}

/** Resident memory without garbage, once so many tracks have been sent for a while. */
async function liveMb(inspector, pid, rig, tracks) {
  if (rig !== undefined) {
    await rig.sending(tracks);
    await pause(FILL_MS);
  }
  await inspector.call('HeapProfiler.collectGarbage');
  await pause(SETTLE_MS);
  return residentBytes(pid) / 1e6;
}
