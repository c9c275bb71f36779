import { setTimeout as pause } from 'node:timers/promises';
import { Rig } from '../load/rig.mjs';
import { residentBytes } from '../process-usage.mjs';
import { Service } from '../subjects/service.mjs';
import { roomNames } from './service-run.mjs';

const SESSIONS = 60;
const MORE_TRACKS_EACH = 3;
/** The log of sound is held at this length, so that it is full, and in memory, when memory is read. */
const LOG_S = 6;
const DEFAULT_LOG_S = 120;
const LOG_MB_PER_SECOND = 0.032;
const FILL_MS = (LOG_S + 2) * 1000;
const READINGS = 20;
const READ_EVERY_MS = 100;

/** What sessions and tracks add to the resident memory: first one track a session, then three more in each. */
export async function measureMemory(load, say) {
  say('memory');
  const rig = await Rig.start(load.talk);
  const env = { AUDIO_LOG_S: String(LOG_S), SESSION_RECONCILE_S: '0.5' };
  const { gladiaUrl, livekitUrl } = rig;
  const service = await Service.start({ livekitUrl, gladiaUrl, processor: load.processor, env });
  try {
    const rooms = roomNames(SESSIONS);
    const emptyMb = await lowestMb(service.pid);
    const oneEachMb = await residentWith(1, SESSIONS);
    const fourEachMb = await residentWith(MORE_TRACKS_EACH, SESSIONS * (1 + MORE_TRACKS_EACH));
    const perTrackMb = (fourEachMb - oneEachMb) / (SESSIONS * MORE_TRACKS_EACH);
    const perSessionMb = (oneEachMb - emptyMb) / SESSIONS - perTrackMb;
    return {
      emptyMb,
      oneEachMb,
      fourEachMb,
      perTrackMb,
      perSessionMb: perSessionMb + (DEFAULT_LOG_S - LOG_S) * LOG_MB_PER_SECOND,
      perSessionWithoutLogMb: perSessionMb - LOG_S * LOG_MB_PER_SECOND,
    };

    async function residentWith(moreTracksEach, tracks) {
      rig.populate(rooms, moreTracksEach);
      await service.goLive(rooms);
      await rig.sending(tracks);
      await pause(FILL_MS);
      return lowestMb(service.pid);
    }
  } finally {
    await service.stop();
    await rig.stop();
  }
}

/** The lowest of some readings: right after the collector ran. */
async function lowestMb(pid) {
  let lowest = Infinity;
  for (let reading = 0; reading < READINGS; reading++) {
    lowest = Math.min(lowest, residentBytes(pid) / 1e6);
    await pause(READ_EVERY_MS);
  }
  return lowest;
}
