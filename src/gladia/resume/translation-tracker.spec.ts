import { describe, expect, it } from '@jest/globals';
import type { TimedUtterance } from './engine-clock.js';
import { TranslationTracker } from './translation-tracker.js';

const timed = (text: string, startMs = 0): TimedUtterance => ({
  text,
  language: 'fr',
  confidence: 1,
  startMs,
  endMs: startMs + 500,
  words: [],
});
const french = (text: string, startMs = 0) => ({ language: 'fr', translated: timed(text, startMs) });

const opened = () => {
  const emitted: string[] = [];
  const tracker = new TranslationTracker(({ utteranceId, language, text }) =>
    emitted.push(`${utteranceId} ${language} ${text}`),
  );
  return { emitted, tracker };
};

describe('TranslationTracker', () => {
  it('waits for the final, and emits each language once', () => {
    const { emitted, tracker } = opened();
    tracker.receive('1/a', french('Bonjour'));
    expect(emitted).toEqual([]);
    tracker.addFinal(1, '1/a', '7', timed('Hello'));
    tracker.receive('1/a', french('Bonjour encore'));
    tracker.receive('1/a', { language: 'de', translated: timed('Hallo') });
    tracker.recover(1, french('Bonjour'));
    expect(emitted).toEqual(['7 fr Bonjour', '7 de Hallo']);
  });

  it('drops what belongs to a repeated utterance, and empty translations', () => {
    const { emitted, tracker } = opened();
    tracker.receive('1/b', french('encore'));
    tracker.dropUtterance('1/b');
    tracker.addFinal(1, '1/b', '8', timed('again'));
    tracker.receive('1/b', french(''));
    expect(emitted).toEqual([]);
  });

  it('forgets what will not be translated any more', () => {
    const { emitted, tracker } = opened();
    tracker.addFinal(1, '1/a', '7', timed('Hello', 0));
    tracker.addFinal(1, '1/b', '8', timed('Bye', 1_000));
    expect(tracker.hasAll(['fr'])).toBe(false);
    tracker.forgetBefore(1_000);
    tracker.receive('1/a', french('Bonjour'));
    tracker.receive('1/b', french('Salut'));
    expect(emitted).toEqual(['8 fr Salut']);
    expect(tracker.hasAll(['fr'])).toBe(true);
  });

  it('waits only for the finals of the latest', () => {
    const { emitted, tracker } = opened();
    for (let nth = 0; nth < 150; nth++) tracker.receive(`1/${nth}`, french(`mot ${nth}`));
    for (let nth = 0; nth < 150; nth++) tracker.addFinal(1, `1/${nth}`, String(nth), timed('word'));
    expect(emitted).toHaveLength(100);
    expect(emitted[0]).toBe('50 fr mot 50');
  });

  it('matches a translation of a result by its time, within the session of the result', () => {
    const { emitted, tracker } = opened();
    tracker.addFinal(1, '1/a', '7', timed('Hello', 1_000));
    tracker.addFinal(2, '2/a', '8', timed('Bye', 1_000));
    tracker.recover(2, french('Salut', 1_100));
    tracker.recover(1, french('loin', 9_000));
    expect(emitted).toEqual(['8 fr Salut']);
  });
});
