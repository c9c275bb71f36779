import type { Scenario } from '../record.js';

type Talk = Pick<Scenario, 'talk' | 'endMs'> & Partial<Pick<Scenario, 'people'>>;

/** One after the other. */
export const TURNS: Talk = {
  talk: [
    [1_000, 'alice-1'],
    [4_200, 'bob-1'],
    [8_000, 'alice-2'],
  ],
  endMs: 12_500,
};

/** Each begins over the end of the one before. */
export const OVERLAPS: Talk = {
  talk: [
    [1_000, 'alice-3'],
    [2_800, 'bob-2'],
    [5_200, 'alice-4'],
    [7_300, 'bob-4'],
  ],
  endMs: 12_500,
};

/** Without a pause between two people. */
export const QUICK_TURNS: Talk = {
  talk: [
    [1_000, 'alice-6'],
    [3_400, 'bob-6'],
    [5_100, 'alice-5'],
    [7_800, 'bob-5'],
  ],
  endMs: 12_000,
};

/** One person who goes on and on. */
export const MONOLOGUE: Talk = {
  people: ['alice'],
  talk: [
    [1_000, 'alice-1'],
    [3_900, 'alice-2'],
    [7_200, 'alice-3'],
    [10_000, 'alice-4'],
  ],
  endMs: 14_500,
};

export const THREE: Talk = {
  people: ['alice', 'bob', 'carol'],
  talk: [
    [1_000, 'alice-2'],
    [3_600, 'bob-3'],
    [5_900, 'carol-5'],
    [8_800, 'alice-6'],
  ],
  endMs: 12_500,
};

/** All at once. */
export const ALL_AT_ONCE: Talk = {
  people: ['alice', 'bob', 'carol'],
  talk: [
    [1_000, 'alice-1'],
    [1_300, 'bob-1'],
    [1_600, 'carol-6'],
    [6_500, 'bob-2'],
  ],
  endMs: 11_500,
};

/** Four people, of whom dave speaks with another's recordings. */
export const FOUR: Talk = {
  people: ['alice', 'bob', 'carol', 'dave'],
  talk: [
    [1_000, 'alice-5'],
    [2_300, 'bob-4'],
    [3_500, 'carol-6'],
    [4_900, 'alice-4', 'dave'],
    [8_500, 'carol-5'],
  ],
  endMs: 13_000,
};
