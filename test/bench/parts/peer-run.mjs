import { measureWindow } from '../load/window.mjs';
import { Rig } from '../load/rig.mjs';
import { TRACKS_A_SESSION } from './service-run.mjs';

/** One window of a peer under the same load: the same generator, the same sink, the same processor. */
export async function measurePeer(Peer, { tracks, talk, processor }, windowMs) {
  const rig = await Rig.start(talk);
  const peer = await Peer.start({ gladiaUrl: rig.gladiaUrl, processor });
  try {
    for (let track = 0; track < tracks; track++) rig.dial(peer.urlOf(Math.floor(track / TRACKS_A_SESSION), track));
    await rig.sending(tracks);
    await rig.steady();
    return await measureWindow(rig, peer.pid, windowMs);
  } finally {
    await peer.stop();
    await rig.stop();
  }
}
