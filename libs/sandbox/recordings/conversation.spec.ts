import { describe, expect, it } from '@jest/globals';
import { loadRecordings } from './catalogue.js';
import { conversation } from './conversation.js';

describe('conversation', () => {
  const lengths = new Map(loadRecordings().map((r) => [r.id, r.samples.length / 16]));
  const turns = conversation().map((turn) => ({ ...turn, lengthMs: lengths.get(turn.recordingId) ?? 0 }));
  const overlaps = turns.slice(1).map((turn, i) => {
    const before = turns[i]!;
    return (before.startMs + before.lengthMs - turn.startMs) / Math.min(before.lengthMs, turn.lengthMs);
  });

  it('lasts about 35 s, and everybody speaks', () => {
    const last = turns.at(-1)!;
    expect(Math.abs(last.startMs + last.lengthMs - 35_000)).toBeLessThan(2_500);
    expect(new Set(turns.map((turn) => turn.speaker))).toEqual(new Set(['alice', 'bob', 'carol']));
  });

  it('says no sentence twice', () => {
    expect(new Set(turns.map((turn) => turn.recordingId)).size).toBe(turns.length);
  });

  it('leaves most of each sentence to one voice', () => {
    expect(Math.max(...overlaps)).toBeLessThan(0.25);
    expect(overlaps.filter((share) => share > 0)).toHaveLength(2);
  });
});
