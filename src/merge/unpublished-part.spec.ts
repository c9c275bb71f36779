import { describe, expect, it } from '@jest/globals';
import { unpublishedPart } from './unpublished-part.js';

/** `x`: read before. */
const left = (words: string): string | undefined => {
  const part = unpublishedPart(Array.from(words, (word) => word === 'x'));
  return part && `${part.from}-${part.to}`;
};

describe('unreadPart', () => {
  it('is the whole where nothing was read', () => {
    expect(left('.....')).toBe('0-5');
  });

  it('is nothing where all was read, or all but what was misheard', () => {
    for (const words of ['x', 'xxxx', 'xx.x', '.xxx', 'xxx..', 'x.x', '..xx'])
      expect([words, left(words)]).toEqual([words, undefined]);
  });

  it('goes on where the other side stopped, and stops where it began', () => {
    expect(left('xxxx.....')).toBe('4-9');
    expect(left('.....xxxx')).toBe('0-5');
    expect(left('xx.xx......xx')).toBe('5-11');
  });

  it('is not cut by a single word that both happen to have', () => {
    expect(left('x....')).toBe('0-5');
    expect(left('..x....')).toBe('0-7');
  });
});
