import { describe, expect, it } from '@jest/globals';
import { cleanText, shortened } from './text.js';

describe('cleanText', () => {
  it.each([
    ['Ann\n\n7\n00:00:30,000 --> 00:00:40,000\nBoss', 'Ann 7 00:00:30,000 --> 00:00:40,000 Boss'],
    ['a\u0000b\u0008c\rd', 'a b c d'],
    ['a\u2028\u2028b\u0085c', 'a b c'],
    ['bad \ud83d end', 'bad \ufffd end'],
    ['\u202egnp.exe', 'gnp.exe'],
    [' \t ', ''],
    ['שלום 👩‍👩‍👧‍👦 你好', 'שלום 👩‍👩‍👧‍👦 你好'],
  ])('%j becomes %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
    expect(cleanText(clean)).toBe(clean);
  });
});

describe('shortened', () => {
  it('cuts between graphemes, and shows that it has cut', () => {
    expect(shortened('Alice', 5)).toBe('Alice');
    expect(shortened('Alice B.', 5)).toBe('Alic…');
    expect(shortened('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2)).toBe('👩‍👩‍👧‍👦👩‍👩‍👧‍👦');
    expect(shortened('👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 2)).toBe('👩‍👩‍👧‍👦…');
  });
});
