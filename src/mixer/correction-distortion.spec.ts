import { expect, it } from '@jest/globals';
import { correctionDistortionsDb } from './drifting-track.spec-kit.js';

const TEN_MINUTES = 50 * 600;

it.each([
  [200, 200],
  [200, -200],
  [1_000, 200],
  [1_000, -200],
])('corrects the drift of a tone of %i Hz at %i ppm with 60 dB between tone and distortion', (hz, ppm) => {
  const distortionsDb = correctionDistortionsDb(hz, ppm, TEN_MINUTES);
  expect(distortionsDb.length).toBeGreaterThan(3);
  expect(Math.max(...distortionsDb)).toBeLessThanOrEqual(-60);
});
