import { expect, it } from '@jest/globals';
import { vowel } from '../../libs/audio/tone.spec-kit.js';
import { FRAME_SAMPLES, SAMPLE_RATE_HZ } from '../media/audio-format.js';
import { correctionDistortionsDb, DriftingTrack } from './drifting-track.spec-kit.js';
import { concatenated } from './sound.spec-kit.js';

const TEN_MINUTES = 50 * 600;
const THREE_FRAMES_S = 0.06;
const DRIFTS_PPM = [200, -200];
/** In all but the first two, a period is no whole number of samples. */
const TONES = [12, 60, 5, 7, 26, 52].map((periods) => ({ kind: 'tone', hz: periods / THREE_FRAMES_S, harmonics: 1 }));
const VOWELS = [7, 13].map((periods) => ({ kind: 'vowel', hz: periods / THREE_FRAMES_S, harmonics: 16 }));

const drifting = [...TONES, ...VOWELS].flatMap((sound) =>
  DRIFTS_PPM.map((ppm) => ({ sound, ppm, name: `${sound.kind} of ${Math.round(sound.hz)} Hz` })),
);

it.each(drifting)('corrects a $name at $ppm ppm with 60 dB between it and distortion', ({ sound, ppm }) => {
  const distortionsDb = correctionDistortionsDb(sound, ppm, TEN_MINUTES);
  expect(distortionsDb.length).toBeGreaterThan(3);
  expect(Math.max(...distortionsDb)).toBeLessThanOrEqual(-60);
});

it.each(DRIFTS_PPM)('is bit for bit what was sent, six seconds after a correction at the latest, at %i ppm', (ppm) => {
  const sound = vowel(7 / 0.06, 5, SAMPLE_RATE_HZ, 3 * SAMPLE_RATE_HZ, 0.2);
  const sent = Buffer.from(concatenated([sound, sound.subarray(0, FRAME_SAMPLES)]).buffer);
  let [sinceCorrection, compared] = [-1, 0];
  new DriftingTrack(sound, ppm).run(TEN_MINUTES, (frame, corrected) => {
    if (corrected) sinceCorrection = 0;
    else if (sinceCorrection >= 0 && ++sinceCorrection >= 300 && sinceCorrection % 50 === 0) {
      expect(sent.includes(Buffer.from(frame.buffer))).toBe(true);
      compared++;
    }
  });
  expect(compared).toBeGreaterThan(20);
});
