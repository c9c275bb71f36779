import { describe, expect, it } from '@jest/globals';
import type { AttributedPart } from './attribution/attribute.js';
import { SegmentTracker } from './segment-tracker.js';

const part = (text: string, trackSid: string | null = 'TR_A'): AttributedPart => ({
  trackSid,
  candidates: [],
  text,
  confidence: 1,
  startMs: 0,
  endMs: 100,
  words: [],
});

const started = (lastUtterance = 0) => {
  const tracker = new SegmentTracker(lastUtterance);
  return (id: string, final: boolean, ...parts: AttributedPart[]) =>
    tracker
      .revise(id, parts, final)
      .map((each) => `${each.segmentId} r${each.revision}${each.final ? '!' : '?'} ${each.text}`);
};

describe('SegmentTracker', () => {
  it('keeps ids and counts revisions from the first partial to the final', () => {
    const revise = started();
    expect(revise('u', false, part('one'))).toEqual(['1.1 r1? one']);
    expect(revise('v', false, part('other'))).toEqual(['2.1 r1? other']);
    expect(revise('u', false, part('one two'), part('three', 'TR_B'))).toEqual(['1.1 r2? one two', '1.2 r1? three']);
    expect(revise('u', true, part('one two'), part('three', 'TR_B'))).toEqual(['1.1 r3! one two', '1.2 r2! three']);
  });

  it('does not emit the same partial twice, but emits another speaker', () => {
    const revise = started();
    revise('u', false, part('one'));
    expect(revise('u', false, part('one'))).toEqual([]);
    expect(revise('u', false, part('one', 'TR_B'))).toEqual(['1.1 r2? one']);
  });

  it('retracts parts that are gone and never uses their ids again', () => {
    const revise = started();
    revise('u', false, part('one'), part('two', 'TR_B'));
    expect(revise('u', false, part('one'))).toEqual(['1.2 r2! ']);
    expect(revise('u', false, part('one'), part('two', 'TR_B'))).toEqual(['1.3 r1? two']);
    expect(revise('u', true)).toEqual(['1.1 r2! ', '1.3 r2! ']);
  });

  it('continues the numbers of an earlier run', () => {
    const revise = started(41);
    expect(revise('1', false, part('one'))).toEqual(['42.1 r1? one']);
    expect(revise('2', true, part('two'))).toEqual(['43.1 r1! two']);
  });

  it('changes nothing after the final', () => {
    const revise = started();
    revise('u', true, part('one'));
    expect(revise('u', true, part('two'))).toEqual([]);
    expect(revise('u', false, part('three'))).toEqual([]);
  });
});
