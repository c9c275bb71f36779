import { describe, expect, it } from '@jest/globals';
import { toldOnce } from './told-once.js';

const heard = (...said: [text: string, startMs: number, endMs: number][]) => ({
  text: said.map(([text]) => text).join(' '),
  language: 'en',
  confidence: 1,
  startMs: 0,
  endMs: 1_000,
  words: said.map(([text, startMs, endMs]) => ({ text: text.replace(/\W/, ''), startMs, endMs, confidence: 1 })),
});

describe('toldOnce', () => {
  it('leaves out what was heard again after a resume', () => {
    const twice = heard(['how', 0, 200], ['are', 220, 400], ['how', 0, 200], ['are', 220, 400], ['you?', 420, 600]);
    expect(toldOnce(twice)).toMatchObject({
      text: 'how are you?',
      words: [{ text: 'how' }, { text: 'are' }, { text: 'you' }],
    });
  });

  it('keeps a word that only begins a little early, and one that is really said twice', () => {
    const said = heard(['very', 0, 210], ['very', 200, 400], ['good', 360, 600]);
    expect(toldOnce(said)).toBe(said);
  });

  it('keeps utterances without words', () => {
    const said = { ...heard(), text: 'hello' };
    expect(toldOnce(said)).toBe(said);
  });

  it('leaves out what the utterance before it had, at the same time', () => {
    const before = heard(['everyone,', 1_535, 2_309]).words;
    expect(toldOnce(heard(['everyone,', 1_735, 2_309], ['shall', 2_364, 2_634]), before)).toMatchObject({
      text: 'shall',
      startMs: 2_364,
    });
    const later = heard(['everyone,', 2_735, 3_309]);
    expect(toldOnce(later, before)).toBe(later);
  });
});
