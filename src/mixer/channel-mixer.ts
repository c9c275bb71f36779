import { Limiter } from '../../libs/audio/limiter.js';
import { FRAME_SAMPLES } from '../media/audio-format.js';

/** Scratch buffers that all mixers share: one channel of one session is mixed at a time. */
const SUM = new Int32Array(FRAME_SAMPLES);
const MIXED = new Int16Array(FRAME_SAMPLES);
const SILENCE = new Int16Array(FRAME_SAMPLES);

/**
 * Mixes the tracks of each channel and interleaves the channels. Call `add` for all tracks of one channel, then `finish` for
 * that channel, before the next channel begins.
 */
export class ChannelMixer {
  /** One frame of all channels, interleaved, once each is finished; overwritten with the next frame. */
  frame: Int16Array;
  readonly #mixers: readonly FrameMixer[];

  constructor(readonly channels: number) {
    this.frame = new Int16Array(channels > 1 ? channels * FRAME_SAMPLES : 0);
    this.#mixers = Array.from({ length: channels }, () => new FrameMixer());
  }

  add(channel: number, frame: Int16Array): void {
    this.#mixers[channel]?.add(frame);
  }

  finish(channel: number): void {
    const mixed = this.#mixers[channel]?.finish();
    if (mixed === undefined) return;
    if (this.channels === 1) {
      this.frame = mixed;
      return;
    }
    for (let i = 0, at = channel; i < FRAME_SAMPLES; i++, at += this.channels) this.frame[at] = mixed[i]!;
  }
}

/** Adds the tracks of one channel. A single track comes out bit for bit; a sum that exceeds 16 bits is limited. */
class FrameMixer {
  readonly #limiter = new Limiter();
  #tracks = 0;

  add(frame: Int16Array): void {
    this.#tracks += 1;
    if (this.#tracks === 1) MIXED.set(frame);
    else if (this.#tracks === 2) for (let i = 0; i < FRAME_SAMPLES; i++) SUM[i] = MIXED[i]! + frame[i]!;
    else for (let i = 0; i < FRAME_SAMPLES; i++) SUM[i] = SUM[i]! + frame[i]!;
  }

  /** The mix of the frames added since the last call; overwritten by the next call on any mixer. */
  finish(): Int16Array {
    const tracks = this.#tracks;
    this.#tracks = 0;
    if (tracks === 0 && !this.#limiter.active) return SILENCE;
    if (tracks === 1 && !this.#limiter.active) return MIXED;
    if (tracks === 0) SUM.fill(0);
    if (tracks === 1) SUM.set(MIXED);
    this.#limiter.process(SUM, MIXED);
    return MIXED;
  }
}
