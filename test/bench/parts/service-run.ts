import { Rig } from '../load/rig.js';
import type { SinkTalk } from '../load/stt-session.js';
import { measureWindow, type WindowFigures } from '../load/window.js';
import { Service } from '../subjects/service.js';

/** Writes a line of progress. */
export type Progress = (what: string) => void;

export interface TrackLoad {
  readonly tracks: number;
  readonly talk: SinkTalk;
  /** The one on which the process under test runs; undefined: any. */
  readonly processor: string | undefined;
}

interface ServiceLoad extends TrackLoad {
  readonly nodeOptions?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Sessions of the load whose tracks are silent but for a beep now and then. */
  readonly probes?: number;
}

/** Until all tracks were connected. */
interface Connected {
  readonly connectedMs: number;
}

export type ServiceFigures = WindowFigures & Connected;

export const TRACKS_A_SESSION = 2;
const PROBES = 4;

export const roomNames = (count: number): string[] => Array.from({ length: count }, (_, i) => `bench${i}`);

/** What `whileSteady` measures of the service under that load, and how long it took until all tracks were connected. */
export async function runService<Figures extends object>(
  load: ServiceLoad,
  whileSteady: (service: Service, rig: Rig) => Promise<Figures>,
): Promise<Figures & Connected> {
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
export const measureService = (load: ServiceLoad, windowMs: number): Promise<ServiceFigures> =>
  runService(load, (service, rig) => measureWindow(rig, service.pid, windowMs));
