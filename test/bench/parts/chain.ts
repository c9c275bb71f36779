import { Rig } from '../load/rig.js';
import { measureWindow, type WindowFigures } from '../load/window.js';
import type { BenchOptions } from '../options.js';
import { latencyFigures, median, ratio, type LatencyFigures } from '../statistics.js';
import { buildGoPeer, GoPeer } from '../subjects/go-peer.js';
import type { Peer, PeerOptions } from '../subjects/peer.js';
import { ReadFloor } from '../subjects/read-floor.js';
import { measureService, TRACKS_A_SESSION, type Progress, type ServiceFigures, type TrackLoad } from './service-run.js';

/** Everybody in every room talking all the time is five data packets a second and session: a quarter of the load shows it. */
const LIVELY_SHARE = 0.25;

interface Runs {
  readonly service: ServiceFigures[];
  readonly goPeer: WindowFigures[];
  readonly floor: WindowFigures[];
}

export type ChainFigures = Awaited<ReturnType<typeof measureChain>>;

/**
 * The whole way of sound at full load, in turn with the peer and the floor, and once more with a speech-to-text engine
 * that has something new to say all the time.
 */
export async function measureChain(load: TrackLoad, { rounds, windowMs }: BenchOptions, progress: Progress) {
  const goPeerMissing = buildGoPeer();
  const runs: Runs = { service: [], goPeer: [], floor: [] };
  for (let round = 1; round <= rounds; round++) {
    progress(`chain, round ${round} of ${rounds}`);
    runs.service.push(await measureService(load, windowMs));
    if (goPeerMissing === undefined) runs.goPeer.push(await measurePeer(GoPeer, load, windowMs));
    runs.floor.push(await measurePeer(ReadFloor, load, windowMs));
  }
  progress('chain, lively');
  const tracks = TRACKS_A_SESSION * Math.round((load.tracks * LIVELY_SHARE) / TRACKS_A_SESSION);
  const lively = await measureService({ ...load, tracks, talk: 'lively' }, windowMs);
  return {
    ...sums(runs, lively),
    goPeerMissing: goPeerMissing ?? null,
    latencyMs: latencyFigures(runs.service.flatMap(({ delaysMs }) => delaysMs)),
  };
}

/** The delay alone, at the same load. */
export async function measureLatency(
  load: TrackLoad,
  { windowMs }: BenchOptions,
  progress: Progress,
): Promise<LatencyFigures> {
  progress('latency');
  const { delaysMs } = await measureService(load, windowMs);
  return latencyFigures(delaysMs);
}

/** One window of a peer under the same load: the same generator, the same sink, the same processor. */
async function measurePeer(
  peerClass: { start(options: PeerOptions): Promise<Peer> },
  { tracks, talk, processor }: TrackLoad,
  windowMs: number,
): Promise<WindowFigures> {
  const rig = await Rig.start(talk);
  const peer = await peerClass.start({ gladiaUrl: rig.gladiaUrl, processor });
  try {
    for (let track = 0; track < tracks; track++) rig.sendNoise(peer.urlOf(Math.floor(track / TRACKS_A_SESSION), track));
    await rig.sending(tracks);
    await rig.steady();
    return await measureWindow(rig, peer.pid, windowMs);
  } finally {
    await peer.stop();
    await rig.stop();
  }
}

function sums({ service, goPeer, floor }: Runs, lively: ServiceFigures) {
  const medianTracks = (runs: readonly WindowFigures[]): number | null =>
    median(runs.map(({ tracksPerCore }) => tracksPerCore));
  const tracksPerCore = {
    service: medianTracks(service),
    serviceLively: lively.tracksPerCore,
    goPeer: medianTracks(goPeer),
    floor: medianTracks(floor),
  };
  return {
    tracksPerCore,
    chainVsGo: ratio(tracksPerCore.service, tracksPerCore.goPeer),
    chainVsFloor: ratio(tracksPerCore.service, tracksPerCore.floor),
    raw: {
      service: service.map(withoutDelays),
      goPeer: goPeer.map(withoutDelays),
      floor: floor.map(withoutDelays),
      lively: withoutDelays(lively),
    },
  };
}

const withoutDelays = <Figures extends WindowFigures>({ delaysMs, ...figures }: Figures) => ({
  ...figures,
  onsets: delaysMs.length,
});
