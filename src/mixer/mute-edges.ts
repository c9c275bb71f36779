import { msToSamples } from '../media/audio-format.js';
import type { ElasticRing } from './elastic-ring.js';

/** So many zeros in a row are no voice: the sound is switched off. */
const OFF_AFTER = msToSamples(2);
/** Sound that is louder than this (-30 dB) right beside the silence was cut; it did not end, or begin, by itself. */
const CUT_ABOVE = 1_036;
/** How near to the silence: further than a resampler rings on. */
const NEAR = msToSamples(4);

/**
 * Fades sound out where a microphone is switched off, and in where it is switched on: the step is a click, in which engines
 * hear words. The switch is seen in the sound itself, where it turns into digital silence and back, since Egress tells of
 * a mute a second and a half after it. Whatever has no such edge stays as it is, bit for bit.
 */
export class MuteEdges {
  #isOff = false;
  /** Zeros at the end of what was written. */
  #zeros = 0;
  /** How much came since the sound set in; 0 when that is long ago. */
  #sinceOnset = 0;

  constructor(
    private readonly ring: ElasticRing,
    private readonly fadeSamples: number,
  ) {}

  /** Looks at what was just written to the ring. Costs a look at the last sample while somebody is heard. */
  written(samples: Int16Array): void {
    if (this.fadeSamples === 0 || samples.length === 0) return;
    if (this.#isOff) this.#lookForOnset(samples);
    else this.#lookForEnd(samples);
    if (this.#sinceOnset >= this.fadeSamples) this.#fadeIn();
  }

  #lookForOnset(samples: Int16Array): void {
    const zeros = leadingZeros(samples);
    if (zeros === samples.length) return;
    this.#isOff = false;
    this.#zeros = 0;
    this.#sinceOnset = samples.length - zeros;
  }

  #lookForEnd(samples: Int16Array): void {
    const zeros = trailingZeros(samples);
    this.#zeros = zeros === samples.length ? this.#zeros + zeros : zeros;
    if (this.#sinceOnset > 0) this.#sinceOnset += samples.length;
    if (this.#zeros < OFF_AFTER) return;
    this.#isOff = true;
    this.#sinceOnset = 0;
    this.#fadeOut();
  }

  #fadeOut(): void {
    const { ring } = this;
    if (ring.loudest(this.#zeros + NEAR, NEAR) <= CUT_ABOVE) return;
    const length = Math.min(this.fadeSamples, ring.length - this.#zeros);
    ring.scale(this.#zeros + length, length, falling);
  }

  /** Not where its beginning was played already. */
  #fadeIn(): void {
    const onset = this.#sinceOnset;
    this.#sinceOnset = 0;
    if (onset > this.ring.length || this.ring.loudest(onset, NEAR) <= CUT_ABOVE) return;
    this.ring.scale(onset, this.fadeSamples, rising);
  }
}

const rising = (at: number, length: number): number => Math.sin((Math.PI / 2) * ((at + 0.5) / length)) ** 2;
const falling = (at: number, length: number): number => rising(length - 1 - at, length);

function leadingZeros(samples: Int16Array): number {
  let zeros = 0;
  while (zeros < samples.length && samples[zeros] === 0) zeros++;
  return zeros;
}

function trailingZeros(samples: Int16Array): number {
  let zeros = 0;
  while (zeros < samples.length && samples[samples.length - 1 - zeros] === 0) zeros++;
  return zeros;
}
