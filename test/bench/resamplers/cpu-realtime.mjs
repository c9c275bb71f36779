const ROUNDS = 5;
const WARM_UP_MS = 300;
const ROUND_MS = 400;

/**
 * How many seconds of sound `work` handles in a second of CPU, all threads of this process: the best of some rounds.
 * @param {() => number | Promise<number>} work handles some sound, and says how many milliseconds of it
 */
export async function cpuRealtime(work) {
  await roundOf(work, WARM_UP_MS);
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) best = Math.max(best, await roundOf(work, ROUND_MS));
  return best;
}

async function roundOf(work, leastMs) {
  const before = process.cpuUsage();
  let soundMs = 0;
  for (const startMs = performance.now(); performance.now() - startMs < leastMs;) soundMs += await work();
  const { user, system } = process.cpuUsage(before);
  return soundMs / ((user + system) / 1000);
}
