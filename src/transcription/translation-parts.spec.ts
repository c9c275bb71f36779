import { describe, expect, it } from '@jest/globals';
import { translationParts } from './translation-parts.js';

const segments = [
  { segmentId: '7.1', startMs: 0, endMs: 1_000 },
  { segmentId: '7.2', startMs: 1_000, endMs: 2_000 },
  { segmentId: '7.3', startMs: 2_000, endMs: 3_000 },
];
const said = (text: string, ...startsMs: number[]) => {
  const words = text.split(' ').map((word, i) => ({
    text: word.replace(/[.,]$/, ''),
    startMs: startsMs[i] ?? 0,
    endMs: (startsMs[i] ?? 0) + 100,
    confidence: 1,
  }));
  return { utteranceId: '7', language: 'fr', text, words: startsMs.length > 0 ? words : [] };
};

describe('translationParts', () => {
  it('gives each segment the words of its time, punctuation and all', () => {
    expect(translationParts(said('Bonjour, toi. Oui, merci.', 100, 500, 1_200, 2_900), segments)).toEqual([
      { segmentId: '7.1', text: 'Bonjour, toi.' },
      { segmentId: '7.2', text: 'Oui,' },
      { segmentId: '7.3', text: 'merci.' },
    ]);
  });

  it('keeps the order of the text where the other language has another', () => {
    expect(translationParts(said('un deux trois', 1_500, 100, 1_800), segments)).toEqual([
      { segmentId: '7.2', text: 'un deux trois' },
    ]);
  });

  it('goes on with a sentence after a remark that was thrown into it', () => {
    const thrownIn = [
      { segmentId: '7.1', startMs: 0, endMs: 3_000 },
      { segmentId: '7.2', startMs: 1_200, endMs: 1_600 },
    ];
    expect(translationParts(said('un deux, oui trois', 100, 500, 1_300, 2_000), thrownIn)).toEqual([
      { segmentId: '7.1', text: 'un deux, trois' },
      { segmentId: '7.2', text: 'oui' },
    ]);
  });

  it('gives all to the first segment without word times, and to the only one in any case', () => {
    expect(translationParts(said('un deux'), segments)).toEqual([{ segmentId: '7.1', text: 'un deux' }]);
    expect(translationParts(said('un deux', 9_000, 9_100), segments.slice(2))).toEqual([
      { segmentId: '7.3', text: 'un deux' },
    ]);
    expect(translationParts(said('un'), [])).toEqual([]);
  });
});
