import { burstFrame, noiseFrames, silentFrame } from './frames.mjs';
import { dial } from './dial.mjs';

const NOISE = noiseFrames();
const SILENCE = silentFrame();
const BURST = burstFrame();
/** 30 ms of tone every 310 ms: no multiple of any chunk, so that bursts begin everywhere in one. */
const BURST_FRAMES = 3;
const BURST_EVERY_FRAMES = 31;
/** About 20 s of sound: what Egress holds back for a peer that does not read. */
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;

/** @typedef {{ url: string, sound: 'noise' | 'silence' | 'bursts', session: string }} TrackOrder */

/** One track's socket: sends what an Egress handler sends, as bytes that were made ready before. */
export class TrackSender {
  sentFrames = 0;
  withheldFrames = 0;
  quiet = false;
  #socket;
  #sound;
  #offset;
  #onBurst;

  constructor(socket, sound, offset, onBurst) {
    this.#socket = socket;
    this.#sound = sound;
    this.#offset = offset;
    this.#onBurst = onBurst;
  }

  /**
   * Resolves when frames may be sent; rejects when the upgrade is refused.
   * @param {TrackOrder} order
   * @param {number} offset where in its sound it begins, so that tracks differ
   * @param {() => void} onBurst called when a frame that begins with a burst is about to be sent
   */
  static async open({ url, sound }, offset, onBurst) {
    return new TrackSender(await dial(new URL(url)), sound, offset, onBurst);
  }

  close() {
    this.#socket.destroy();
  }

  send() {
    if (this.#socket.writableLength > MOST_UNSENT_BYTES) {
      this.withheldFrames += 1;
      return;
    }
    this.#socket.write(this.#next());
    this.sentFrames += 1;
  }

  #next() {
    if (this.quiet) return SILENCE;
    const place = this.sentFrames + this.#offset;
    if (this.#sound === 'noise') return NOISE[place % NOISE.length];
    const inPeriod = place % BURST_EVERY_FRAMES;
    if (this.#sound === 'silence' || inPeriod >= BURST_FRAMES) return SILENCE;
    if (inPeriod === 0) this.#onBurst();
    return BURST;
  }
}
