import { expect, it } from '@jest/globals';
import { decibels, fitSine, tone } from '../../libs/audio/tone.spec-kit.js';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../media/audio-format.js';
import { concatenated } from './sound.spec-kit.js';
import { TrackBuffer } from './track-buffer.js';

const PIECE = 160;
const STEPS = 50 * 600;

/** The frame of each correction in ten minutes of a steady tone, with the frame before it and the one after. */
const corrections = (hz: number, ppm: number): Int16Array[] => {
  const buffer = new TrackBuffer();
  const sound = tone(hz, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ, 0.3);
  const frames: Int16Array[] = [];
  const corrected: number[] = [];
  let [written, before] = [0, 0];
  for (let step = 0; step < STEPS; step++) {
    for (const due = step * FRAME_SAMPLES * (1 + ppm / 1e6); written + PIECE <= due; written += PIECE) {
      buffer.write(sound.subarray(written % sound.length, (written % sound.length) + PIECE));
    }
    const frame = new Int16Array(FRAME_SAMPLES);
    buffer.read(frame);
    frames.push(frame);
    const { skippedSamples, repeatedSamples } = buffer.counters;
    if (skippedSamples + repeatedSamples > before) corrected.push(step);
    before = skippedSamples + repeatedSamples;
  }
  return corrected.map((step) => concatenated(frames.slice(step - 1, step + 2)));
};

it.each([
  [200, 200],
  [200, -200],
  [1_000, 200],
  [1_000, -200],
])('corrects the drift of a tone of %i Hz at %i ppm with 60 dB between tone and distortion', (hz, ppm) => {
  const around = corrections(hz, ppm);
  expect(around.length).toBeGreaterThan(3);
  const worst = around.map((samples) => {
    const { power, residual } = fitSine(samples, hz, SAMPLE_RATE_HZ);
    return decibels(residual / power);
  });
  expect(Math.max(...worst)).toBeLessThanOrEqual(-60);
});
