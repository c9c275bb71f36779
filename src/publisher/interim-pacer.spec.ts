import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TranscriptSegment } from '../events/domain-events.js';
import { InterimPacer } from './interim-pacer.js';

const interim = (segmentId: string, text: string, identity: string | null = 'alice'): TranscriptSegment => ({
  ...{ segmentId, revision: 1, final: false, text, language: 'en', candidates: [], confidence: 1 },
  ...{ startMs: 0, endMs: 1, words: [], source: 'server' as const },
  speaker: identity === null ? null : { identity, name: identity, trackSid: 'TR' },
});

describe('InterimPacer', () => {
  let published: string[];
  let pacer: InterimPacer;

  beforeEach(() => {
    jest.useFakeTimers();
    published = [];
    pacer = new InterimPacer(250, ({ text }) => void published.push(text));
  });
  afterEach(() => void jest.useRealTimers());

  it('publishes the first at once, then the latest when it is due', () => {
    for (const text of ['a', 'a b', 'a b c']) pacer.add(interim('1', text));
    expect(published).toEqual(['a']);
    jest.advanceTimersByTime(249);
    expect(published).toEqual(['a']);
    jest.advanceTimersByTime(1);
    expect(published).toEqual(['a', 'a b c']);
    jest.advanceTimersByTime(250);
    pacer.add(interim('1', 'a b c d'));
    expect(published).toEqual(['a', 'a b c', 'a b c d']);
  });

  it('paces each speaker, and each segment without one, by itself', () => {
    for (const identity of ['alice', 'bob', null]) pacer.add(interim(String(identity), `by ${identity}`, identity));
    expect(published).toEqual(['by alice', 'by bob', 'by null']);
  });

  it('publishes nothing of a segment that has its final', () => {
    pacer.add(interim('1', 'a'));
    pacer.add(interim('1', 'a b'));
    pacer.drop('1');
    jest.advanceTimersByTime(1_000);
    expect(published).toEqual(['a']);
  });

  it('does not let one segment of a speaker replace another', () => {
    pacer.add(interim('1', 'one'));
    pacer.add(interim('1', 'one more'));
    pacer.add(interim('2', 'two'));
    expect(published).toEqual(['one', 'one more']);
    jest.advanceTimersByTime(250);
    expect(published).toEqual(['one', 'one more', 'two']);
  });

  it('holds nothing back with 0, and publishes nothing once it is closed', () => {
    const eager = new InterimPacer(0, ({ text }) => void published.push(text));
    for (const text of ['a', 'b', 'c']) eager.add(interim('1', text));
    expect(published).toEqual(['a', 'b', 'c']);
    pacer.add(interim('1', 'd'));
    pacer.add(interim('1', 'e'));
    pacer.close();
    jest.advanceTimersByTime(1_000);
    expect(published).toEqual(['a', 'b', 'c', 'd']);
  });
});
