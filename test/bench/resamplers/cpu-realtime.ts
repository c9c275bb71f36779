const ROUNDS = 5;
const WARM_UP_MS = 300;
const ROUND_MS = 400;

const noise = (samples: number): Int16Array<ArrayBuffer> =>
  Int16Array.from({ length: samples }, () => Math.random() * 12_000 - 6_000);

/** A second of noise in frames of 10 ms: 48 kHz stereo, interleaved. */
export const STEREO_FRAMES = Array.from({ length: 100 }, () => noise(960));

/** A second of noise in frames of 10 ms: 16 kHz mono. */
export const MONO_FRAMES = Array.from({ length: 100 }, () => noise(160));

/**
 * How many seconds of sound `work` handles in a second of CPU, all threads of this process: the best of some rounds.
 * @param work handles some sound, and returns how many milliseconds of it
 */
export function cpuRealtime(work: () => number): number {
  roundOf(work, WARM_UP_MS);
  return Math.max(...Array.from({ length: ROUNDS }, () => roundOf(work, ROUND_MS)));
}

function roundOf(work: () => number, leastMs: number): number {
  const before = process.cpuUsage();
  let soundMs = 0;
  for (const startMs = performance.now(); performance.now() - startMs < leastMs;) soundMs += work();
  const { user, system } = process.cpuUsage(before);
  return soundMs / ((user + system) / 1000);
}
