import { describe, expect, it } from '@jest/globals';
import { MessageMaker } from '../../libs/client/messages.spec-kit.js';
import type { Segment } from '../../libs/client/segment.js';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import { rowsOf, speakerOf } from '../../web/rows.js';

const ALICE = { identity: 'alice', name: 'Alice', trackSid: 'TR_a' };
const BOB = { identity: 'bob', name: '', trackSid: 'TR_b' };
const make = new MessageMaker();

const segment = (startMs: number, rest: Partial<TranscriptMessage> = {}): Segment => ({
  ...make.transcript(`u${startMs}`, 'text', { startMs, ...rest }),
  translations: {},
  retracted: false,
});

describe('the rows of the caption page', () => {
  it('name a speaker once for each turn, and have gaps in their places', () => {
    const segments = [segment(1_000), segment(2_000), segment(4_000), segment(5_000, { speaker: BOB })];
    const gap = make.status('gap', 'Missing.', { startMs: 3_000 });
    const last = make.status('gap', 'Missing too.', { startMs: 9_000 });
    const rows = rowsOf(segments, [last, gap]).map((row) => ('gap' in row ? row.gap.message : row.isTurn));
    expect(rows).toEqual([true, false, 'Missing.', true, true, 'Missing too.']);
  });

  it('leave out the gaps before the first row', () => {
    const gap = make.status('gap', 'Missing.', { startMs: 500 });
    expect(rowsOf([segment(1_000)], [gap], 1_000)).toHaveLength(1);
  });

  it('say who it was, or may have been', () => {
    const unclear = { speaker: null };
    expect(speakerOf(segment(0))).toBe('Alice');
    expect(speakerOf(segment(0, { speaker: BOB }))).toBe('bob');
    expect(speakerOf(segment(0, { ...unclear, candidates: [ALICE, BOB] }))).toBe('Alice or bob?');
    expect(speakerOf(segment(0, unclear))).toBe('Unknown speaker');
  });
});
