import { msToSamples } from '../media/audio-format.js';
import type { ElasticRing } from './elastic-ring.js';

/** So many zeros in a row mean a muted microphone. */
const OFF_AFTER = msToSamples(2);
/** Sound louder than this (-30 dB) right beside digital silence was cut by a mute; it did not end or begin by itself. */
const CUT_ABOVE = 1_036;
/** How far from the silence sound is examined: further than a resampler rings. */
const EXAMINED = msToSamples(4);

/**
 * Fades a track out where its microphone is muted, and in where it is unmuted: an abrupt edge is a click, which
 * speech-to-text engines transcribe as words. The edge is found in the samples, where they turn into digital silence and
 * back, since Egress reports a mute only 1.5 s later. A track without such edges stays the same bit for bit.
 */
export class MuteEdges {
  #isMuted = false;
  /** Zeros at the end of what was written. */
  #zeros = 0;
  /** Samples written since the onset after a mute; 0 when the fade-in is done. */
  #sinceOnset = 0;

  constructor(
    private readonly ring: ElasticRing,
    private readonly fadeSamples: number,
  ) {}

  /** Call after each write to the ring. While there is sound, it costs reading the last sample. */
  written(samples: Int16Array): void {
    if (this.fadeSamples === 0 || samples.length === 0) return;
    if (this.#isMuted) this.#findOnset(samples);
    else this.#findMute(samples);
    if (this.#sinceOnset >= this.fadeSamples) this.#fadeIn();
  }

  #findOnset(samples: Int16Array): void {
    const zeros = leadingZeros(samples);
    if (zeros === samples.length) return;
    this.#isMuted = false;
    this.#zeros = 0;
    this.#sinceOnset = samples.length - zeros;
  }

  #findMute(samples: Int16Array): void {
    const zeros = trailingZeros(samples);
    this.#zeros = zeros === samples.length ? this.#zeros + zeros : zeros;
    if (this.#sinceOnset > 0) this.#sinceOnset += samples.length;
    if (this.#zeros < OFF_AFTER) return;
    this.#isMuted = true;
    this.#sinceOnset = 0;
    this.#fadeOut();
  }

  #fadeOut(): void {
    const { ring } = this;
    if (ring.peak(this.#zeros + EXAMINED, EXAMINED) <= CUT_ABOVE) return;
    const length = Math.min(this.fadeSamples, ring.length - this.#zeros);
    ring.scale(this.#zeros + length, length, falling);
  }

  /** Does nothing where the onset was played already. */
  #fadeIn(): void {
    const onset = this.#sinceOnset;
    this.#sinceOnset = 0;
    if (onset > this.ring.length || this.ring.peak(onset, EXAMINED) <= CUT_ABOVE) return;
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
