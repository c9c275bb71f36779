import { measureWindow } from '../load/window.mjs';
import { Rig } from '../load/rig.mjs';
import { Service } from '../subjects/service.mjs';

export const TRACKS_A_SESSION = 2;
/** Sessions of the load whose tracks are silent but for a beep now and then. */
const PROBES = 4;

export const roomNames = (count) => Array.from({ length: count }, (_, i) => `bench${i}`);

/** What `whileSteady` finds out of the service under that load, and how long it took until all tracks were connected. */
export async function runService(load, whileSteady) {
  const { tracks, talk, processor, nodeOptions = [], env = {}, probes = PROBES } = load;
  const rig = await Rig.start(talk);
  const { gladiaUrl, livekitUrl } = rig;
  const service = await Service.start({ livekitUrl, gladiaUrl, processor, nodeOptions, env });
  try {
    const rooms = roomNames(tracks / TRACKS_A_SESSION);
    rig.populate(rooms, TRACKS_A_SESSION, { probes: Math.min(probes, rooms.length) });
    const startMs = performance.now();
    await service.goLive(rooms);
    await rig.sending(tracks);
    const connectedMs = performance.now() - startMs;
    await rig.steady();
    return { connectedMs, ...(await whileSteady(service, rig)) };
  } finally {
    await service.stop();
    await rig.stop();
  }
}

/** One window of that load. */
export const measureService = (load, windowMs) =>
  runService(load, (service, rig) => measureWindow(rig, service.pid, windowMs));
