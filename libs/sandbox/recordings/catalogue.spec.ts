import { describe, expect, it } from '@jest/globals';
import { loadRecordings } from './catalogue.js';
import type { Recording } from './recording.js';

const loudnessDbfs = ({ samples }: Recording): number =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length / 32768 ** 2);

describe('the recordings', () => {
  const recordings = loadRecordings();

  it('have three speakers and two languages', () => {
    expect(new Set(recordings.map((r) => r.speaker))).toEqual(new Set(['alice', 'bob', 'carol']));
    expect(new Set(recordings.map((r) => r.language))).toEqual(new Set(['en', 'fr']));
    expect(new Set(recordings.map((r) => r.id)).size).toBe(recordings.length);
  });

  it.each(recordings)('$id has its words in order, inside the sound', ({ text, words, samples }) => {
    const bounds = words.flatMap((word) => [word.startMs, word.endMs]);
    expect(words.map((word) => word.text).join(' ')).toBe(text);
    expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
    expect(words.every((word) => word.endMs - word.startMs >= 50)).toBe(true);
    expect(words[0]?.startMs).toBeGreaterThanOrEqual(50);
    expect(words.at(-1)?.endMs).toBeLessThanOrEqual(samples.length / 16 - 49);
  });

  it.each(recordings)('$id is about as loud as the others', (recording) => {
    expect(Math.abs(loudnessDbfs(recording) + 20)).toBeLessThan(0.5);
  });
});
