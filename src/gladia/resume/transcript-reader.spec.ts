import { describe, expect, it } from '@jest/globals';
import type { GladiaUtterance } from '../api/gladia-utterance.js';
import type { Utterance } from '../../transcription/speech-to-text.js';
import type { ServerSpan } from './socket-timeline.js';
import { TimeMap } from './time-map.js';
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

/** A reader of a session whose first socket sent 10 s, and lost the acknowledgments of the last two. */
function reading() {
  const told: Utterance[] = [];
  const translated: string[] = [];
  const times = new TimeMap();
  const translations = new TranslationTracker(({ utteranceId, text }) => translated.push(`${utteranceId} ${text}`));
  const utterances = new UtteranceTracker((utterance) => told.push(utterance), translations);
  const sound = {
    locate: (server: number) => times.position(server, 40 * SECOND),
    isToldElsewhere: (word: ServerSpan, channel?: number) => times.isToldElsewhere(word, channel),
    told: (server: number, channel?: number) => times.told(server, channel),
    heard: (server: number) => times.heard(server, 40 * SECOND),
  };
  const reader = new TranscriptReader({ utterances, translations, insight: () => undefined }, 1, sound, 0);
  const first = times.begin();
  first.sent(0, 10 * SECOND);
  first.acknowledged(0, 8 * SECOND);
  const resume = (): void => {
    const second = times.begin();
    second.sent(8 * SECOND, 20 * SECOND);
    second.acknowledged(10 * SECOND, SECOND);
  };
  const hear = (id: string, final: boolean, utterance: GladiaUtterance): void =>
    reader.read({ kind: 'transcript', id, final, utterance });
  const finals = (): string[] => told.filter(({ final }) => final).map(({ text }) => text);
  return { reader, utterances, told, translated, resume, hear, finals };
}

describe('TranscriptReader', () => {
  it('leaves words alone whose times are those of the whole utterance', () => {
    const { hear, finals } = reading();
    hear('0', true, said('hello big world', 1, 3, false));
    expect(finals()).toEqual(['hello big world']);
  });

  it('tells each word once where one utterance holds both hearings, however they were understood', () => {
    const { hear, finals, told, resume } = reading();
    resume();
    hear('0', true, said('a b c d e f g h i j cut? cut? e? f? g? h? i? j? k l m n o p', 7, 13));
    expect(finals()).toEqual(['a b c d e f g h i j k l m n o p']);
    expect(told[0]).toMatchObject({ startMs: 7_000, endMs: 11_000 });
  });

  it('tells each word once where the first hearing was told before the second began', () => {
    const { hear, finals, resume, utterances } = reading();
    hear('0', true, said('one two three four', 8, 10));
    resume();
    hear('1', false, said('won too', 10, 11));
    hear('1', true, said('won too free for five', 10, 12.5));
    hear('2', true, said('six', 12.5, 13));
    expect(finals()).toEqual(['one two three four', 'five', 'six']);
    expect(utterances.duplicates).toBe(0);
  });

  it('tells a word that an engine heard in the hearing only of which it was not expected', () => {
    const { hear, finals, told, resume } = reading();
    resume();
    // It took the cut for a jump and heard h where it came again, though the first hearing had all of it.
    const [early, late] = [said('a b c d e f g', 6, 9), said('h i j k', 11.1, 12.7)];
    const words = [...early.words, ...late.words];
    hear('0', true, { ...early, text: 'a b c d e f g h i j k', end: 12.7, words });
    expect(finals()).toEqual(['a b c d e f g h i j k']);
    expect(told.at(-1)?.words.at(-4)).toMatchObject({ text: 'h', startMs: 9_100 });
    hear('1', true, said('x h', 8.8, 9.5));
    expect(finals().slice(1)).toEqual(['x']);
  });

  it('tells such a word once, although the hearing of which it was expected tells it later', () => {
    const { hear, finals, resume } = reading();
    resume();
    hear('0', true, said('one two three', 8.2, 9.97));
    hear('1', true, said('won too free for', 10.2, 12.4));
    expect(finals()).toEqual(['one two three', 'for']);
  });

  it('leaves such a word to the hearing of which it is expected, where that is under way', () => {
    const { hear, finals, resume } = reading();
    resume();
    hear('1', false, said('three four', 11.55, 12.3));
    hear('0', true, said('one two three', 8.2, 9.9));
    hear('1', true, said('three four', 11.55, 12.3));
    expect(finals()).toEqual(['one two', 'three four']);
  });

  it('tells a word once that was told although it was cut', () => {
    const { hear, finals, resume } = reading();
    hear('0', true, said('one two three star', 8, 10));
    resume();
    hear('1', true, said('one two three started again', 10, 12.9));
    expect(finals()).toEqual(['one two three star', 'again']);
  });

  it('takes an utterance back in its own channel, when all of it was told before', () => {
    const { hear, told, resume } = reading();
    hear('0', true, { ...said('one two three four', 8, 10), channel: 1 });
    hear('1', false, { ...said('one', 9.9, 10.2), channel: 1 });
    resume();
    hear('1', true, { ...said('one two', 10, 11), channel: 1 });
    expect(told.at(-1)).toMatchObject({ id: '2', final: true, text: '', channel: 1 });
  });

  it('brings a translation to its utterance although it does not say the channel', () => {
    const { hear, reader, translated } = reading();
    hear('0', true, { ...said('good day', 1, 2), channel: 1 });
    const [original, utterance] = [said('good day', 1, 2), said('bonjour', 1, 2)];
    const unnamed = { ...original, channel: undefined };
    reader.read({ kind: 'translation', id: '0', language: 'fr', original: unnamed, utterance });
    expect(translated).toEqual(['1 bonjour']);
  });

  it('counts an utterance that was all told before, and takes it back', () => {
    const { hear, finals, resume, utterances } = reading();
    hear('0', true, said('one two three four', 8, 10));
    resume();
    hear('1', true, said('one two', 10, 11));
    expect(finals()).toEqual(['one two three four']);
    expect(utterances.duplicates).toBe(1);
  });
});
