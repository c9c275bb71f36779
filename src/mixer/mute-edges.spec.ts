import { describe, expect, it } from '@jest/globals';
import { decodeAll } from '../../libs/audio/resampling.spec-kit.js';
import { bytesOf } from '../../libs/audio/tone.spec-kit.js';
import { FRAME_SAMPLES, msToSamples } from '../media/audio-format.js';
import { JitterBuffer } from './jitter-buffer.js';

const FADE = msToSamples(10);
const WRITTEN_AT_ONCE = 160;

const tone = (ms: number, level: number): number[] =>
  Array.from(
    { length: msToSamples(ms) },
    (_, i) => Math.round(level * Math.sin((2 * Math.PI * 440 * i) / 16_000)) || 1,
  );
const silence = (ms: number): number[] => new Array<number>(msToSamples(ms)).fill(0);

/** What a track brings into the mix of sound that comes 10 ms at a time. */
function played(sound: ArrayLike<number>, fadeSamples: number): number[] {
  const buffer = new JitterBuffer(fadeSamples);
  const samples = Int16Array.from(sound);
  const output: number[] = [];
  const frame = new Int16Array(FRAME_SAMPLES);
  for (let at = 0; at < sound.length; at += WRITTEN_AT_ONCE) {
    buffer.write(samples.subarray(at, at + WRITTEN_AT_ONCE));
    while (buffer.bufferedSamples > 3 * FRAME_SAMPLES) {
      frame.fill(0);
      buffer.read(frame, true);
      output.push(...frame);
    }
  }
  buffer.finish();
  while (!buffer.isPlayedOut) {
    frame.fill(0);
    buffer.read(frame);
    output.push(...frame);
  }
  return output.slice(0, sound.length);
}
const steepest = (samples: readonly number[]): number =>
  samples.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (samples[i - 1] ?? sample))), 0);

describe('MuteEdges', () => {
  const loud = 8_000;
  // 440 Hz, cut where it is at its height; not where a write begins.
  const switched = [...tone(101.7, loud), ...silence(203.1), ...tone(101.7, loud).reverse(), ...silence(100)];

  it('fades out before the silence and in after it, and nowhere else', () => {
    const output = played(switched, FADE);
    const own = 2 * Math.PI * loud * (440 / 16_000);
    expect(steepest(switched)).toBeGreaterThan(3 * own);
    expect(steepest(output)).toBeLessThan(1.2 * own);
    const changed = output.flatMap((sample, i) => (sample === switched[i] ? [] : [i]));
    const [off, on] = [msToSamples(101.7), msToSamples(101.7) + msToSamples(203.1)];
    const end = on + msToSamples(101.7);
    const isNear = (i: number): boolean =>
      (i >= off - FADE && i < off) || (i >= on && i < on + FADE) || (i >= end - FADE && i < end);
    expect(changed.length).toBeGreaterThan(2.5 * FADE);
    expect(changed.filter((i) => !isNear(i))).toEqual([]);
  });

  it('does so behind the resampler, too, which rings', () => {
    const at48 = Int16Array.from({ length: 48_000 }, (_, i) =>
      i >= 16_000 && i < 32_000 ? 0 : Math.round(loud * Math.sin((2 * Math.PI * 440 * i) / 48_000 + 1)),
    );
    const at16 = decodeAll({ rateHz: 48_000, channels: 1 }, bytesOf(at48), [960]);
    const own = 2 * Math.PI * loud * (440 / 16_000);
    expect(steepest([...at16])).toBeGreaterThan(2 * own);
    expect(steepest(played(at16, FADE).slice(320))).toBeLessThan(1.2 * own);
  });

  it('changes nothing without a fade', () => {
    expect(played(switched, 0)).toEqual(switched);
  });

  it.each([
    ['sound that goes on', tone(300, 8_000)],
    ['sound that ends and begins by itself', [...tone(100, 200), ...silence(100), ...tone(100, 200)]],
    ['single zeros', tone(300, 8_000).map((sample, i) => (i % 160 > 150 ? 0 : sample))],
    ['silence', silence(300)],
  ])('%s stays as it is, bit for bit', (_, sound) => {
    expect(played(sound, FADE)).toEqual(sound);
  });
});
