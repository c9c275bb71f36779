import type { Condition } from './score-attribution.js';

const LENGTH_MS = 60_000;
const CALM = { lengthMs: LENGTH_MS, gapMs: [0, 500] } as const;
const QUICK = { lengthMs: LENGTH_MS, gapMs: [-500, 500] } as const;

/** The conversations in which attribution is measured, from easy to hard. */
export const CONDITIONS: readonly Condition[] = [
  { name: '2 people, taking turns', people: 2, talk: CALM, acoustics: {}, jitterMs: 0 },
  { name: '3 people, word times 80 ms off', people: 3, talk: CALM, acoustics: {}, jitterMs: 80 },
  { name: '4 people, turns from -500 to 500 ms', people: 4, talk: QUICK, acoustics: {}, jitterMs: 40 },
  { name: '8 people, turns from -500 to 500 ms', people: 8, talk: QUICK, acoustics: {}, jitterMs: 80 },
  { name: '2 people, 20 dB apart', people: 2, talk: QUICK, acoustics: { levelsDb: [0, -20] }, jitterMs: 40 },
  {
    name: '4 people, 20 dB apart, noise at -55 dBFS',
    people: 4,
    talk: QUICK,
    acoustics: { levelsDb: [0, -20, -10, 3], noiseDbfs: -55 },
    jitterMs: 40,
  },
  {
    name: '3 people, leak of -20 dB',
    people: 3,
    talk: QUICK,
    acoustics: { leakDb: -20, leakDelayMs: 3 },
    jitterMs: 40,
  },
  {
    name: '8 people, leak of -20 dB, noise at -60 dBFS',
    people: 8,
    talk: QUICK,
    acoustics: { leakDb: -20, leakDelayMs: 8, noiseDbfs: -60 },
    jitterMs: 80,
  },
  {
    name: '3 people, leak of -20 dB, 10 dB apart',
    people: 3,
    talk: QUICK,
    acoustics: { leakDb: -20, leakDelayMs: 5, levelsDb: [0, -10, -5] },
    jitterMs: 40,
  },
  {
    name: '3 people, leak of -20 dB, 20 dB apart',
    people: 3,
    talk: QUICK,
    acoustics: { leakDb: -20, leakDelayMs: 5, levelsDb: [0, -20, -10] },
    jitterMs: 40,
  },
  {
    name: '3 people, acknowledgments in the other’s sentence',
    people: 3,
    talk: { ...CALM, backchannels: 0.5 },
    acoustics: {},
    jitterMs: 40,
  },
  {
    name: '3 people, interrupting, leak of -20 dB',
    people: 3,
    talk: { ...QUICK, interruptions: 0.4 },
    acoustics: { leakDb: -20, leakDelayMs: 5, noiseDbfs: -60 },
    jitterMs: 40,
  },
];
