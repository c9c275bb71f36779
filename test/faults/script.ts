import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import type { Recording } from '../../libs/sandbox/recordings/recording.js';
import { SeededRandom } from '../talk/seeded-random.js';

/** A recorded sentence. */
export type Line = Recording;

const recordings = loadRecordings();
const voices = [...new Set(recordings.map(({ speaker }) => speaker))];

export const voiceOf = (number: number): string => voices[number % voices.length]!;

/**
 * What a person says, without end: the sentences of a voice in an order that only this person has, so that what is
 * received can be compared with it in one way only.
 */
export function* script(number: number): Generator<Line, never> {
  const lines = recordings.filter(({ speaker }) => speaker === voiceOf(number));
  const random = new SeededRandom(number + 1);
  for (let last: Line | undefined; ;) {
    last = random.oneOf(lines.filter((line) => line !== last));
    yield last;
  }
}
