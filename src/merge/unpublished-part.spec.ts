import { describe, expect, it } from '@jest/globals';
import { unpublishedPart } from './unpublished-part.js';

/** `x`: published before. */
const left = (words: string): string | undefined => {
  const part = unpublishedPart(Array.from(words, (word) => word === 'x'));
  return part && `${part.from}-${part.to}`;
};

describe('unpublishedPart', () => {
  it('is the whole segment where nothing was published', () => {
    expect(left('.....')).toBe('0-5');
  });

  it('is nothing where all was published, or all but words recognised differently', () => {
    for (const words of ['x', 'xxxx', 'xx.x', '.xxx', 'xxx..', 'x.x', '..xx'])
      expect([words, left(words)]).toEqual([words, undefined]);
  });

  it('begins where the other side stopped, and ends where it began', () => {
    expect(left('xxxx.....')).toBe('4-9');
    expect(left('.....xxxx')).toBe('0-5');
    expect(left('xx.xx......xx')).toBe('5-11');
  });

  it('is not shortened by a single common word', () => {
    expect(left('x....')).toBe('0-5');
    expect(left('..x....')).toBe('0-7');
  });
});
