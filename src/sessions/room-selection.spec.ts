import { describe, expect, it } from '@jest/globals';
import { isAutoStarted, isTranscribedByServer } from './room-selection.js';

describe('AUTO_START', () => {
  it.each([
    ['off', 'any', false],
    ['webhook', 'any', true],
    ['webhook:team-*', 'team-red', true],
    ['webhook:team-*', 'a-team-red', false],
    ['webhook:*.live', 'town.live', true],
    ['webhook:*.live', 'townlive', false],
    ['webhook:exactly', 'exactly', true],
    ['webhook', 'roomscribe-doctor-1', false],
  ])('AUTO_START=%s, room %s: %s', (autoStart, room, expected) => {
    expect(isAutoStarted(autoStart, room)).toBe(expected);
  });
});

const ROOMS = Array.from({ length: 10_000 }, (_, index) => `room-${index}`);
const selected = (setting: string): string[] => ROOMS.filter((room) => isTranscribedByServer(setting, room));

describe('SERVER_TRANSCRIPTION', () => {
  it('selects every room, or none', () => {
    expect(selected('on')).toHaveLength(10_000);
    expect(selected('percent:100')).toHaveLength(10_000);
    for (const setting of ['off', 'fallback', 'percent:0']) expect(selected(setting)).toEqual([]);
  });

  it('selects about that share of ten thousand rooms, the same ones each time', () => {
    for (const percent of [1, 20, 50, 99]) {
      const rooms = selected(`percent:${percent}`);
      expect(Math.abs(rooms.length - percent * 100)).toBeLessThan(150);
      expect(selected(`percent:${percent}`)).toEqual(rooms);
    }
  });

  it('keeps its rooms when the share grows', () => {
    const many = new Set(selected('percent:40'));
    expect(selected('percent:20').every((room) => many.has(room))).toBe(true);
  });

  it('selects the same rooms in every release', () => {
    expect(
      ROOMS.slice(0, 20)
        .map((room) => Number(isTranscribedByServer('percent:20', room)))
        .join(''),
    ).toMatchInlineSnapshot(`"01000100010000001100"`);
  });
});
