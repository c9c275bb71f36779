import { describe, expect, it } from '@jest/globals';
import type { GladiaUtterance } from '../api/gladia-utterance.js';
import type { Utterance } from '../../transcription/speech-to-text.js';
import { EngineClock } from './engine-clock.js';
import { TranscriptReader } from './transcript-reader.js';
import { TranslationTracker } from './translation-tracker.js';
import { UtteranceTracker } from './utterance-tracker.js';

const SECOND = 16_000;

/** An utterance whose words follow each other without a pause, unless each has the time of the whole. */
function said(text: string, start: number, end: number, areWordsTimed = true): GladiaUtterance {
  const texts = text.split(' ');
  const each = (end - start) / texts.length;
  const time = (i: number) =>
    areWordsTimed ? { start: start + i * each, end: start + (i + 1) * each } : { start, end };
  const words = texts.map((word, i) => ({ word, confidence: 1, ...time(i) }));
  return { text, start, end, language: 'en', confidence: 1, channel: 0, words };
}

/** A reader of a session whose first connection sent 10 s, and lost the acknowledgments of the last two. */
function reading() {
  const emitted: Utterance[] = [];
  const translated: string[] = [];
  const clock = new EngineClock(0, () => 40 * SECOND);
  const translations = new TranslationTracker(({ utteranceId, text }) => translated.push(`${utteranceId} ${text}`));
  const utterances = new UtteranceTracker((utterance) => emitted.push(utterance), translations);
  const reader = new TranscriptReader({ utterances, translations, insight: () => undefined }, 1, clock);
  const first = clock.addConnection();
  first.sent(0, 10 * SECOND);
  first.acknowledged(0, 8 * SECOND);
  const resume = (): void => {
    const second = clock.addConnection();
    second.sent(8 * SECOND, 20 * SECOND);
    second.acknowledged(10 * SECOND, SECOND);
  };
  const receive = (id: string, final: boolean, utterance: GladiaUtterance): void =>
    reader.read({ kind: 'transcript', id, final, utterance });
  const finals = (): string[] => emitted.filter(({ final }) => final).map(({ text }) => text);
  return { reader, utterances, emitted, translated, resume, receive, finals };
}

describe('TranscriptReader', () => {
  it('leaves words alone whose times are those of the whole utterance', () => {
    const { receive, finals } = reading();
    receive('0', true, said('hello big world', 1, 3, false));
    expect(finals()).toEqual(['hello big world']);
  });

  it('emits each word once where one utterance holds both passes, however they were transcribed', () => {
    const { receive, finals, emitted, resume } = reading();
    resume();
    receive('0', true, said('a b c d e f g h i j cut? cut? e? f? g? h? i? j? k l m n o p', 7, 13));
    expect(finals()).toEqual(['a b c d e f g h i j k l m n o p']);
    expect(emitted[0]).toMatchObject({ startMs: 7_000, endMs: 11_000 });
  });

  it('emits each word once where the first pass was emitted before the second began', () => {
    const { receive, finals, resume, utterances } = reading();
    receive('0', true, said('one two three four', 8, 10));
    resume();
    receive('1', false, said('won too', 10, 11));
    receive('1', true, said('won too free for five', 10, 12.5));
    receive('2', true, said('six', 12.5, 13));
    expect(finals()).toEqual(['one two three four', 'five', 'six']);
    expect(utterances.duplicates).toBe(0);
  });

  it('emits a word that the engine transcribed only in the pass of which it was not expected', () => {
    const { receive, finals, emitted, resume } = reading();
    resume();
    // It took the cut for a jump and transcribed h in the second pass only, though the first had all of it.
    const [early, late] = [said('a b c d e f g', 6, 9), said('h i j k', 11.1, 12.7)];
    const words = [...early.words, ...late.words];
    receive('0', true, { ...early, text: 'a b c d e f g h i j k', end: 12.7, words });
    expect(finals()).toEqual(['a b c d e f g h i j k']);
    expect(emitted.at(-1)?.words.at(-4)).toMatchObject({ text: 'h', startMs: 9_100 });
    receive('1', true, said('x h', 8.8, 9.5));
    expect(finals().slice(1)).toEqual(['x']);
  });

  it('emits such a word once, although the pass of which it was expected brings it later', () => {
    const { receive, finals, resume } = reading();
    resume();
    receive('0', true, said('one two three', 8.2, 9.97));
    receive('1', true, said('won too free for', 10.2, 12.4));
    expect(finals()).toEqual(['one two three', 'for']);
  });

  it('leaves such a word to the pass of which it is expected, where that has a partial of it', () => {
    const { receive, finals, resume } = reading();
    resume();
    receive('1', false, said('three four', 11.55, 12.3));
    receive('0', true, said('one two three', 8.2, 9.9));
    receive('1', true, said('three four', 11.55, 12.3));
    expect(finals()).toEqual(['one two', 'three four']);
  });

  it('emits a word once that was emitted although it was cut', () => {
    const { receive, finals, resume } = reading();
    receive('0', true, said('one two three star', 8, 10));
    resume();
    receive('1', true, said('one two three started again', 10, 12.9));
    expect(finals()).toEqual(['one two three star', 'again']);
  });

  it('retracts an utterance in its own channel, when all of it was emitted before', () => {
    const { receive, emitted, resume } = reading();
    receive('0', true, { ...said('one two three four', 8, 10), channel: 1 });
    receive('1', false, { ...said('one', 9.9, 10.2), channel: 1 });
    resume();
    receive('1', true, { ...said('one two', 10, 11), channel: 1 });
    expect(emitted.at(-1)).toMatchObject({ id: '2', final: true, text: '', channel: 1 });
  });

  it('matches a translation to its utterance although it does not say the channel', () => {
    const { receive, reader, translated } = reading();
    receive('0', true, { ...said('good day', 1, 2), channel: 1 });
    const [original, utterance] = [said('good day', 1, 2), said('bonjour', 1, 2)];
    const unnamed = { ...original, channel: undefined };
    reader.read({ kind: 'translation', id: '0', language: 'fr', original: unnamed, utterance });
    expect(translated).toEqual(['1 bonjour']);
  });

  it('counts an utterance that was all emitted before, and retracts it', () => {
    const { receive, finals, resume, utterances } = reading();
    receive('0', true, said('one two three four', 8, 10));
    resume();
    receive('1', true, said('one two', 10, 11));
    expect(finals()).toEqual(['one two three four']);
    expect(utterances.duplicates).toBe(1);
  });
});
