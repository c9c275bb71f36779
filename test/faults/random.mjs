import { built } from './built.mjs';

const { SeededRandom } = await built('test/talk/seeded-random.js');

/** The same seed gives the same numbers. */
export function seeded(seed) {
  const random = new SeededRandom(seed);
  return () => random.next();
}
