import { describe, expect, it } from '@jest/globals';
import type { TimedUtterance } from './session-clock.js';
import type { Utterance } from '../../transcription/speech-to-text.js';
import { UtteranceTracker } from './utterance-tracker.js';

const heard = (text: string, startMs: number, endMs: number): TimedUtterance => ({
  text,
  startMs,
  endMs,
  language: 'en',
  confidence: 1,
  words: [],
});

const started = () => {
  const told: Utterance[] = [];
  const ledger = new UtteranceTracker((utterance) => told.push(utterance));
  const lines = () => told.map(({ id, final, text }) => `${id}${final ? '!' : '?'} ${text}`);
  return { ledger, told, lines };
};

describe('UtteranceLedger', () => {
  it('keeps one id from the first partial to the final', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', false, heard('hel', 0, 300));
    ledger.receive(1, '00_1', false, heard('next', 900, 1_000));
    ledger.receive(1, '00_0', true, heard('hello', 0, 500));
    expect(lines()).toEqual(['1? hel', '2? next', '1! hello']);
  });

  it('tells both when two people say the same at once, each in a channel', () => {
    const { ledger, told } = started();
    for (const channel of [0, 1]) ledger.receive(1, '00_0', true, { ...heard('yes', 0, 300), channel });
    expect(told.map(({ id, channel }) => [id, channel])).toEqual([
      ['1', 0],
      ['2', 1],
    ]);
    for (const channel of [0, 1]) ledger.recover(1, { ...heard('yes', 0, 300), channel });
    expect(told).toHaveLength(2);
  });

  it('lets nothing come after a final: late partials, second finals, other words', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', true, heard('hello', 0, 500));
    ledger.receive(1, '00_0', false, heard('hel', 0, 300));
    ledger.receive(1, '00_0', true, heard('hello', 0, 500));
    ledger.receive(1, '00_0', true, heard('yellow', 0, 510));
    expect(lines()).toEqual(['1! hello']);
    expect(ledger.duplicates).toBe(2);
  });

  it('takes a reused id for a new utterance when it speaks of another time', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', true, heard('hello', 0, 500));
    ledger.receive(1, '00_0', false, heard('good', 9_000, 9_200));
    ledger.receive(1, '00_0', true, heard('goodbye', 9_000, 9_500));
    expect(lines()).toEqual(['1! hello', '2? good', '2! goodbye']);
  });

  it('drops what was said before under another id, and takes its partial back', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', true, heard('Hello, world.', 0, 900));
    ledger.receive(2, '00_0', false, heard('hello', 100, 500));
    ledger.receive(2, '00_0', true, heard('hello world', 100, 920));
    expect(lines()).toEqual(['1! Hello, world.', '2? hello', '2! ']);
  });

  it('keeps the same words said again later', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', true, heard('yes', 0, 400));
    ledger.receive(1, '00_1', true, heard('yes', 800, 1_200));
    expect(lines()).toEqual(['1! yes', '2! yes']);
  });

  it('recovers what the socket missed, under the id of its partial', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', true, heard('known', 0, 500));
    ledger.receive(1, '00_1', false, heard('half', 1_000, 1_400));
    ledger.recover(1, heard('Known!', 20, 480));
    ledger.recover(1, heard('half of it', 1_000, 1_800));
    ledger.recover(1, heard('all new', 3_000, 3_500));
    ledger.settle(1);
    expect(lines()).toEqual(['1! known', '2? half', '2! half of it', '3! all new']);
  });

  it('recovers a long utterance in which a short one was told, without the words of that', () => {
    const { ledger, told } = started();
    const words = ['so', 'then', 'yes', 'we', 'go'].map((text, i) => ({
      text,
      startMs: i * 1_000,
      endMs: i * 1_000 + 900,
      confidence: 1,
    }));
    ledger.receive(1, '00_0', true, heard('yes', 2_000, 2_900));
    ledger.recover(1, { ...heard('so then yes we go', 0, 4_900), words });
    ledger.recover(1, heard('yes', 2_000, 2_800));
    expect(told.map(({ text }) => text)).toEqual(['yes', 'so then we go']);
  });

  it('does not recover what several others fill', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', true, heard('so then', 0, 1_900));
    ledger.receive(1, '00_1', true, heard('we go', 3_000, 4_900));
    ledger.recover(1, heard('so then yes we go', 0, 4_900));
    expect(lines()).toEqual(['1! so then', '2! we go']);
  });

  it('makes final what a session left open, but not what another session said in its place', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', false, heard('left', 0, 500));
    ledger.receive(1, '00_1', false, heard('replaced', 1_000, 1_500));
    ledger.receive(2, '00_0', true, heard('replacement', 1_000, 1_600));
    ledger.receive(2, '00_1', false, heard('going on', 5_000, 5_500));
    ledger.settle(1);
    expect(lines().slice(4)).toEqual(['1! left', '2! ']);
  });

  it('forgets what nobody can say again, and no more', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', true, heard('one', 0, 500));
    ledger.receive(1, '00_1', true, heard('two', 9_000, 9_500));
    ledger.receive(1, '00_2', true, heard('three', 10_000, 10_500));
    ledger.forgetBefore(9_600);
    ledger.receive(2, '00_0', true, heard('two', 9_250, 9_600));
    ledger.recover(2, heard('three', 10_100, 10_500));
    expect(lines()).toEqual(['1! one', '2! two', '3! three']);
    ledger.receive(1, '00_0', true, heard('one', 0, 500));
    expect(lines().at(-1)).toBe('4! one');
  });

  it('finishes what was begun first where too much is begun and not finished', () => {
    const { ledger, told } = started();
    for (let nth = 0; nth < 500; nth++)
      ledger.receive(1, `00_${nth}`, false, heard(`word ${nth}`, nth * 100, nth * 100 + 90));
    const finals = told.filter(({ final }) => final).map(({ text }) => text);
    expect(finals).toEqual(Array.from({ length: 300 }, (_, nth) => `word ${nth}`));
    ledger.receive(1, '00_0', true, heard('word 0', 0, 95));
    expect(ledger.duplicates).toBe(1);
  });

  it('says nothing of an empty utterance unless something was heard of it', () => {
    const { ledger, lines } = started();
    ledger.receive(1, '00_0', false, heard('', 0, 100));
    ledger.receive(1, '00_0', true, heard('', 0, 100));
    ledger.receive(1, '00_1', false, heard('mm', 200, 300));
    ledger.receive(1, '00_1', true, heard('', 200, 300));
    expect(lines()).toEqual(['1? mm', '1! ']);
  });
});
