import { FRAME_SAMPLES } from '../../media/audio-format.js';
import { FrameMixer } from '../frame-mixer.js';

/**
 * Mixes what shares a channel, and lays the channels side by side: the first sample of each, then the second … Channel by
 * channel: add its voices, then `finish` it, since all mixers share their scratch.
 */
export class ChannelMixer {
  /** One frame of all channels, when each is finished; overwritten with the next. */
  frame: Int16Array;
  readonly #mixers: readonly FrameMixer[];

  constructor(readonly channels: number) {
    this.frame = new Int16Array(channels > 1 ? channels * FRAME_SAMPLES : 0);
    this.#mixers = Array.from({ length: channels }, () => new FrameMixer());
  }

  add(channel: number, voice: Int16Array): void {
    this.#mixers[channel]?.add(voice);
  }

  finish(channel: number): void {
    const mixed = this.#mixers[channel]?.take();
    if (mixed === undefined) return;
    if (this.channels === 1) {
      this.frame = mixed;
      return;
    }
    for (let i = 0, at = channel; i < FRAME_SAMPLES; i++, at += this.channels) this.frame[at] = mixed[i]!;
  }
}
