import { describe, expect, it } from '@jest/globals';
import { isTranscribedByServer } from './transcribed-by-server.js';

const ROOMS = Array.from({ length: 10_000 }, (_, index) => `room-${index}`);
const heard = (setting: string): string[] => ROOMS.filter((room) => isTranscribedByServer(setting, room));

describe('SERVER_TRANSCRIPTION', () => {
  it('hears every room, or none', () => {
    expect(heard('on')).toHaveLength(10_000);
    expect(heard('percent:100')).toHaveLength(10_000);
    for (const setting of ['off', 'fallback', 'percent:0']) expect(heard(setting)).toEqual([]);
  });

  it('hears about that share of ten thousand rooms, the same ones each time', () => {
    for (const percent of [1, 20, 50, 99]) {
      const rooms = heard(`percent:${percent}`);
      expect(Math.abs(rooms.length - percent * 100)).toBeLessThan(150);
      expect(heard(`percent:${percent}`)).toEqual(rooms);
    }
  });

  it('keeps its rooms when the share grows', () => {
    const many = new Set(heard('percent:40'));
    expect(heard('percent:20').every((room) => many.has(room))).toBe(true);
  });

  it('gives a name the place that it had in every release', () => {
    expect(
      ROOMS.slice(0, 20)
        .map((room) => Number(isTranscribedByServer('percent:20', room)))
        .join(''),
    ).toMatchInlineSnapshot(`"01000100010000001100"`);
  });
});
