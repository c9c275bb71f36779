import { describe, expect, it } from '@jest/globals';
import { isAutoStarted } from './room-selection.js';

describe('startsByItself', () => {
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
