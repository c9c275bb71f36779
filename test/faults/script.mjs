import { built } from './built.mjs';
import { seeded } from './random.mjs';

const { loadRecordings } = await built('libs/sandbox/recordings/catalogue.js');

const recordings = loadRecordings();
const voices = [...new Set(recordings.map(({ speaker }) => speaker))];

export const voiceOf = (number) => voices[number % voices.length];

/**
 * What a person says, without end: the sentences of a voice in an order that only this person has, so that what comes
 * back can be laid beside it in one way only.
 */
export function* script(number) {
  const lines = recordings.filter(({ speaker }) => speaker === voiceOf(number));
  const random = seeded(number + 1);
  for (let last; ;) {
    const others = lines.filter((line) => line !== last);
    last = others[Math.floor(random() * others.length)];
    yield last;
  }
}
