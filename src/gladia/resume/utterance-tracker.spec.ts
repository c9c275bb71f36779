import { describe, expect, it } from '@jest/globals';
import type { TimedUtterance } from './engine-clock.js';
import type { Utterance } from '../../transcription/speech-to-text.js';
import { UtteranceTracker } from './utterance-tracker.js';

const timed = (text: string, startMs: number, endMs: number): TimedUtterance => ({
  text,
  startMs,
  endMs,
  language: 'en',
  confidence: 1,
  words: [],
});

const started = () => {
  const emitted: Utterance[] = [];
  const tracker = new UtteranceTracker((utterance) => emitted.push(utterance));
  const lines = () => emitted.map(({ id, final, text }) => `${id}${final ? '!' : '?'} ${text}`);
  return { tracker, emitted, lines };
};

describe('UtteranceTracker', () => {
  it('keeps one id from the first partial to the final', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', false, timed('hel', 0, 300));
    tracker.receive(1, '00_1', false, timed('next', 900, 1_000));
    tracker.receive(1, '00_0', true, timed('hello', 0, 500));
    expect(lines()).toEqual(['1? hel', '2? next', '1! hello']);
  });

  it('emits both when two people say the same at once, each in a channel', () => {
    const { tracker, emitted } = started();
    for (const channel of [0, 1]) tracker.receive(1, '00_0', true, { ...timed('yes', 0, 300), channel });
    expect(emitted.map(({ id, channel }) => [id, channel])).toEqual([
      ['1', 0],
      ['2', 1],
    ]);
    for (const channel of [0, 1]) tracker.recover(1, { ...timed('yes', 0, 300), channel });
    expect(emitted).toHaveLength(2);
  });

  it('emits nothing after a final: late partials, second finals, other words', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', true, timed('hello', 0, 500));
    tracker.receive(1, '00_0', false, timed('hel', 0, 300));
    tracker.receive(1, '00_0', true, timed('hello', 0, 500));
    tracker.receive(1, '00_0', true, timed('yellow', 0, 510));
    expect(lines()).toEqual(['1! hello']);
    expect(tracker.duplicates).toBe(2);
  });

  it('takes a reused id for a new utterance when its time is different', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', true, timed('hello', 0, 500));
    tracker.receive(1, '00_0', false, timed('good', 9_000, 9_200));
    tracker.receive(1, '00_0', true, timed('goodbye', 9_000, 9_500));
    expect(lines()).toEqual(['1! hello', '2? good', '2! goodbye']);
  });

  it('drops a repetition under another id, and retracts its partial', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', true, timed('Hello, world.', 0, 900));
    tracker.receive(2, '00_0', false, timed('hello', 100, 500));
    tracker.receive(2, '00_0', true, timed('hello world', 100, 920));
    expect(lines()).toEqual(['1! Hello, world.', '2? hello', '2! ']);
  });

  it('keeps the same words said again later', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', true, timed('yes', 0, 400));
    tracker.receive(1, '00_1', true, timed('yes', 800, 1_200));
    expect(lines()).toEqual(['1! yes', '2! yes']);
  });

  it('recovers what the socket missed, under the id of its partial', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', true, timed('known', 0, 500));
    tracker.receive(1, '00_1', false, timed('half', 1_000, 1_400));
    tracker.recover(1, timed('Known!', 20, 480));
    tracker.recover(1, timed('half of it', 1_000, 1_800));
    tracker.recover(1, timed('all new', 3_000, 3_500));
    tracker.finishSession(1);
    expect(lines()).toEqual(['1! known', '2? half', '2! half of it', '3! all new']);
  });

  it('recovers a long utterance in which a short one was emitted, without the words of that', () => {
    const { tracker, emitted } = started();
    const words = ['so', 'then', 'yes', 'we', 'go'].map((text, i) => ({
      text,
      startMs: i * 1_000,
      endMs: i * 1_000 + 900,
      confidence: 1,
    }));
    tracker.receive(1, '00_0', true, timed('yes', 2_000, 2_900));
    tracker.recover(1, { ...timed('so then yes we go', 0, 4_900), words });
    tracker.recover(1, timed('yes', 2_000, 2_800));
    expect(emitted.map(({ text }) => text)).toEqual(['yes', 'so then we go']);
  });

  it('does not recover what several others fill', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', true, timed('so then', 0, 1_900));
    tracker.receive(1, '00_1', true, timed('we go', 3_000, 4_900));
    tracker.recover(1, timed('so then yes we go', 0, 4_900));
    expect(lines()).toEqual(['1! so then', '2! we go']);
  });

  it('makes final what a session left open, but not where another session emitted something else at that time', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', false, timed('left', 0, 500));
    tracker.receive(1, '00_1', false, timed('replaced', 1_000, 1_500));
    tracker.receive(2, '00_0', true, timed('replacement', 1_000, 1_600));
    tracker.receive(2, '00_1', false, timed('going on', 5_000, 5_500));
    tracker.finishSession(1);
    expect(lines().slice(4)).toEqual(['1! left', '2! ']);
  });

  it('forgets what cannot be repeated any more, and nothing else', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', true, timed('one', 0, 500));
    tracker.receive(1, '00_1', true, timed('two', 9_000, 9_500));
    tracker.receive(1, '00_2', true, timed('three', 10_000, 10_500));
    tracker.forgetBefore(9_600);
    tracker.receive(2, '00_0', true, timed('two', 9_250, 9_600));
    tracker.recover(2, timed('three', 10_100, 10_500));
    expect(lines()).toEqual(['1! one', '2! two', '3! three']);
    tracker.receive(1, '00_0', true, timed('one', 0, 500));
    expect(lines().at(-1)).toBe('4! one');
  });

  it('finishes the oldest where too many utterances are open', () => {
    const { tracker, emitted } = started();
    for (let nth = 0; nth < 500; nth++)
      tracker.receive(1, `00_${nth}`, false, timed(`word ${nth}`, nth * 100, nth * 100 + 90));
    const finals = emitted.filter(({ final }) => final).map(({ text }) => text);
    expect(finals).toEqual(Array.from({ length: 300 }, (_, nth) => `word ${nth}`));
    tracker.receive(1, '00_0', true, timed('word 0', 0, 95));
    expect(tracker.duplicates).toBe(1);
  });

  it('emits no empty utterance unless it had a partial', () => {
    const { tracker, lines } = started();
    tracker.receive(1, '00_0', false, timed('', 0, 100));
    tracker.receive(1, '00_0', true, timed('', 0, 100));
    tracker.receive(1, '00_1', false, timed('mm', 200, 300));
    tracker.receive(1, '00_1', true, timed('', 200, 300));
    expect(lines()).toEqual(['1? mm', '1! ']);
  });
});
