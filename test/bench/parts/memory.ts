import { setTimeout as sleep } from 'node:timers/promises';
import { Rig } from '../load/rig.js';
import { residentBytes } from '../process-usage.js';
import { Inspector } from '../profile/inspector.js';
import { Service } from '../subjects/service.js';
import { roomNames, type Progress, type TrackLoad } from './service-run.js';

const SESSIONS = 60;
const MORE_TRACKS_EACH = 3;
/** The audio log is held at this length, so that it is full, and in memory, when memory is read. */
const LOG_S = 6;
const DEFAULT_LOG_S = 120;
const LOG_MB_PER_SECOND = 0.032;
const FILL_MS = (LOG_S + 2) * 1000;
const SETTLE_MS = 500;

export type MemoryFigures = ReturnType<typeof sums>;

/** What sessions and tracks add to the resident memory: first one track a session, then three more in each. */
export async function measureMemory(load: TrackLoad, progress: Progress): Promise<MemoryFigures> {
  progress('memory');
  const rig = await Rig.start(load.talk);
  const service = await startService(rig, load.processor);
  const inspector = await Inspector.of(service);
  try {
    const rooms = roomNames(SESSIONS);
    const emptyMb = await liveMb(inspector, service.pid);
    rig.populate(rooms, 1);
    await service.goLive(rooms);
    await logsFull(rig, SESSIONS);
    const oneEachMb = await liveMb(inspector, service.pid);
    rig.populate(rooms, MORE_TRACKS_EACH);
    await logsFull(rig, SESSIONS * (1 + MORE_TRACKS_EACH));
    const moreEachMb = await liveMb(inspector, service.pid);
    return sums(emptyMb, oneEachMb, moreEachMb);
  } finally {
    inspector.close();
    await service.stop();
    await rig.stop();
  }
}

const startService = ({ gladiaUrl, livekitUrl }: Rig, processor: string | undefined): Promise<Service> =>
  Service.start({
    livekitUrl,
    gladiaUrl,
    processor,
    nodeOptions: Inspector.NODE_OPTIONS,
    env: { AUDIO_LOG_S: String(LOG_S), SESSION_RECONCILE_S: '0.5' },
  });

/** The full log of the default length is computed, not waited for. */
function sums(emptyMb: number, oneEachMb: number, moreEachMb: number) {
  const perTrackMb = (moreEachMb - oneEachMb) / (SESSIONS * MORE_TRACKS_EACH);
  const perSessionMb = (oneEachMb - emptyMb) / SESSIONS - perTrackMb + (DEFAULT_LOG_S - LOG_S) * LOG_MB_PER_SECOND;
  return { emptyMb, oneEachMb, moreEachMb, perTrackMb, perSessionMb };
}

async function logsFull(rig: Rig, tracks: number): Promise<void> {
  await rig.sending(tracks);
  await sleep(FILL_MS);
}

/** Resident memory without garbage. */
async function liveMb(inspector: Inspector, pid: number): Promise<number> {
  await inspector.call('HeapProfiler.collectGarbage');
  await sleep(SETTLE_MS);
  return residentBytes(pid) / 1e6;
}
