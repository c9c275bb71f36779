import { describe, expect, it } from '@jest/globals';
import type { TimedUtterance } from './session-clock.js';
import { TranslationTracker } from './translation-tracker.js';

const heard = (text: string, startMs = 0): TimedUtterance => ({
  text,
  language: 'fr',
  confidence: 1,
  startMs,
  endMs: startMs + 500,
  words: [],
});
const french = (text: string, startMs = 0) => ({ language: 'fr', translated: heard(text, startMs) });

const opened = () => {
  const told: string[] = [];
  const ledger = new TranslationTracker(({ utteranceId, language, text }) =>
    told.push(`${utteranceId} ${language} ${text}`),
  );
  return { told, ledger };
};

describe('TranslationLedger', () => {
  it('waits for the final, and tells each language once', () => {
    const { told, ledger } = opened();
    ledger.receive('1/a', french('Bonjour'));
    expect(told).toEqual([]);
    ledger.finished(1, '1/a', '7', heard('Hello'));
    ledger.receive('1/a', french('Bonjour encore'));
    ledger.receive('1/a', { language: 'de', translated: heard('Hallo') });
    ledger.recover(1, french('Bonjour'));
    expect(told).toEqual(['7 fr Bonjour', '7 de Hallo']);
  });

  it('drops what belongs to a repeated utterance, and empty translations', () => {
    const { told, ledger } = opened();
    ledger.receive('1/b', french('encore'));
    ledger.dropped('1/b');
    ledger.finished(1, '1/b', '8', heard('again'));
    ledger.receive('1/b', french(''));
    expect(told).toEqual([]);
  });

  it('forgets what will not be translated any more', () => {
    const { told, ledger } = opened();
    ledger.finished(1, '1/a', '7', heard('Hello', 0));
    ledger.finished(1, '1/b', '8', heard('Bye', 1_000));
    expect(ledger.hasAll(['fr'])).toBe(false);
    ledger.forgetBefore(1_000);
    ledger.receive('1/a', french('Bonjour'));
    ledger.receive('1/b', french('Salut'));
    expect(told).toEqual(['8 fr Salut']);
    expect(ledger.hasAll(['fr'])).toBe(true);
  });

  it('waits for the finals of the latest alone', () => {
    const { told, ledger } = opened();
    for (let nth = 0; nth < 150; nth++) ledger.receive(`1/${nth}`, french(`mot ${nth}`));
    for (let nth = 0; nth < 150; nth++) ledger.finished(1, `1/${nth}`, String(nth), heard('word'));
    expect(told).toHaveLength(100);
    expect(told[0]).toBe('50 fr mot 50');
  });

  it('finds by its time what a result translates, in the session of the result', () => {
    const { told, ledger } = opened();
    ledger.finished(1, '1/a', '7', heard('Hello', 1_000));
    ledger.finished(2, '2/a', '8', heard('Bye', 1_000));
    ledger.recover(2, french('Salut', 1_100));
    ledger.recover(1, french('loin', 9_000));
    expect(told).toEqual(['8 fr Salut']);
  });
});
