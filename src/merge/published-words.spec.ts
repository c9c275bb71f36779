import { describe, expect, it } from '@jest/globals';
import type { TranscriptSegment } from '../events/domain-events.js';
import { normalizedWords, type NormalizedWord } from './normalized-words.js';
import { PublishedWords } from './published-words.js';

const words = (count: number, name: string): NormalizedWord[] =>
  Array.from({ length: count }, (_, n) => ({ normalized: `${name}${n}`, offset: n, atMs: 1_000 }));

describe('PublishedWords', () => {
  it('keeps of one speaker as much as one can say, and of others all', () => {
    const published = new PublishedWords();
    published.add('others', ['bob'], words(10, 'other'));
    for (let n = 0; n < 10; n++) published.add(`s${n}`, ['alice'], words(500, `n${n}-`));
    const matched = (name: string, speaker = 'alice'): number =>
      published.match(`by ${name}`, [speaker], words(10, name)).filter(Boolean).length;
    expect([matched('n0-'), matched('n5-'), matched('n9-'), matched('other', 'bob')]).toEqual([0, 0, 10, 10]);
  });

  it('compares no more than one can say at once', () => {
    const published = new PublishedWords();
    published.add('one', ['alice'], words(1_500, 'word'));
    const matched = published.match('two', ['alice'], words(1_500, 'word'));
    expect(matched).toHaveLength(1_500);
    expect(matched.slice(600).some(Boolean)).toBe(false);
  });
});

describe('normalizedWords', () => {
  it('reads a segment once', () => {
    const segment: TranscriptSegment = {
      ...{
        segmentId: '1',
        revision: 1,
        final: true,
        text: 'Ça va, Zoë?',
        language: 'fr',
        speaker: null,
        candidates: [],
      },
      ...{ confidence: 1, startMs: 0, endMs: 3_000, words: [], source: 'client' },
    };
    expect(normalizedWords(segment).map(({ normalized }) => normalized)).toEqual(['ca', 'va', 'zoe']);
    expect(normalizedWords(segment)).toBe(normalizedWords(segment));
  });
});
