import { median, ratio } from '../statistics.mjs';
import { buildGoPeer, GoPeer } from '../subjects/go-peer.mjs';
import { ReadFloor } from '../subjects/read-floor.mjs';
import { latencyOf } from './latency.mjs';
import { measurePeer } from './peer-run.mjs';
import { measureService, TRACKS_A_SESSION } from './service-run.mjs';

/** Everybody in every room talking all the time is five data packets a second and session: a quarter of the load shows it. */
const LIVELY_SHARE = 0.25;

/**
 * The whole way of sound at full load, turn about with the peer and the floor, and once more with a speech-to-text engine
 * that has something new to say all the time.
 */
export async function measureChain(load, { rounds, windowMs }, say) {
  const missing = buildGoPeer();
  const runs = { service: [], goPeer: [], floor: [] };
  for (let round = 1; round <= rounds; round++) {
    say(`chain, round ${round} of ${rounds}`);
    runs.service.push(await measureService(load, windowMs));
    if (missing === undefined) runs.goPeer.push(await measurePeer(GoPeer, load, windowMs));
    runs.floor.push(await measurePeer(ReadFloor, load, windowMs));
  }
  say('chain, lively');
  const tracks = TRACKS_A_SESSION * Math.round((load.tracks * LIVELY_SHARE) / TRACKS_A_SESSION);
  const lively = await measureService({ ...load, tracks, talk: 'lively' }, windowMs);
  return { ...sums(runs, lively), goPeerMissing: missing ?? null, latencyMs: latencyOf(delaysOf(runs.service)) };
}

/** The delay alone, at the same load. */
export async function measureLatency(load, { windowMs }, say) {
  say('latency');
  const run = await measureService(load, windowMs);
  return latencyOf(run.delaysMs);
}

function sums(runs, lively) {
  const tracksPerCore = {
    service: median(runs.service.map((run) => run.tracksPerCore)),
    serviceLively: lively.tracksPerCore,
    goPeer: median(runs.goPeer.map((run) => run.tracksPerCore)),
    floor: median(runs.floor.map((run) => run.tracksPerCore)),
  };
  return {
    tracksPerCore,
    chainVsGo: ratio(tracksPerCore.service, tracksPerCore.goPeer),
    chainVsFloor: ratio(tracksPerCore.service, tracksPerCore.floor),
    raw: {
      ...Object.fromEntries(Object.entries(runs).map(([name, all]) => [name, all.map(withoutDelays)])),
      lively: withoutDelays(lively),
    },
  };
}

const delaysOf = (runs) => runs.flatMap((run) => run.delaysMs);
const withoutDelays = ({ delaysMs, ...figures }) => ({ ...figures, onsets: delaysMs.length });
