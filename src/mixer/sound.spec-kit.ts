import { SAMPLE_RATE_HZ, msToSamples } from '../media/audio-format.js';

/** Samples that are never 0 and hardly repeat: a test detects each that is lost, duplicated or out of order. */
export const babble = (samples: number, seed = 1): Int16Array => {
  let state = seed;
  return Int16Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    const value = 1 + ((state >> 8) % 9_000);
    return (state & 0x40000000) === 0 ? value : -value;
  });
};

/** Words of 400 ms between pauses of 600 ms. */
export const talk = (seconds: number, seed = 1): Int16Array => {
  const sound = new Int16Array(seconds * SAMPLE_RATE_HZ);
  for (let second = 0; second < seconds; second++) {
    sound.set(babble(msToSamples(400), seed + second), second * SAMPLE_RATE_HZ + msToSamples(100));
  }
  return sound;
};

/** The sound without the pauses. */
export const spoken = (samples: Int16Array): Int16Array => samples.filter((sample) => sample !== 0);

/**
 * Like speech: syllables of uneven loudness and length, with pauses between some; neighbouring samples correlate.
 * Within a word no sample is 0, and in a pause all are.
 */
export const speech = (seconds: number, seed = 1): Int16Array => {
  const sound = new Int16Array(seconds * SAMPLE_RATE_HZ);
  const random = babble(sound.length, seed);
  let voice = 0;
  for (let start = 0, n = 1; start < sound.length; n++) {
    const choice = Math.abs(random[n]!) / 9_000;
    const length = msToSamples(10 * Math.round(9 + 16 * choice));
    const loudness = n % 7 === 0 ? 0 : 0.3 + 0.7 * (Math.abs(random[n + 1]!) / 9_000);
    for (let i = start; i < Math.min(sound.length, start + length); i++) {
      voice = 0.8 * voice + 0.6 * random[i]!;
      const inSyllable = 0.5 + 0.5 * Math.sin((Math.PI * (i - start)) / length);
      sound[i] = loudness === 0 ? 0 : Math.round(voice * loudness * inSyllable) || 1;
    }
    start += loudness === 0 ? 2 * length : length;
  }
  return sound;
};

/** Four seconds of a tone, to be sent in a loop; optionally one of them is a pause with soft edges. */
export const humming = (pauses: boolean): Int16Array =>
  Int16Array.from({ length: 4 * SAMPLE_RATE_HZ }, (_, i) => {
    const inWord = Math.min(1, Math.max(0, Math.min(i, 3 * SAMPLE_RATE_HZ - i) / 800));
    return Math.round(10_000 * (pauses ? inWord : 1) * Math.sin((2 * Math.PI * 200 * i) / SAMPLE_RATE_HZ));
  });

export const concatenated = (parts: readonly Int16Array[]): Int16Array => {
  const whole = new Int16Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

/** Where two sounds begin to differ, or -1. Their lengths count, too. */
export const firstDifference = (a: Int16Array, b: Int16Array): number => {
  const common = a.length < b.length ? a.length : b.length;
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : common;
};
