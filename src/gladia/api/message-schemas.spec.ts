import { describe, expect, it } from '@jest/globals';
import {
  acknowledgmentSchema,
  failedSchema,
  parseAcknowledgment,
  parseTranscript,
  transcriptSchema,
} from './message-schemas.js';

const MESSAGES = 5_000;

/** A small random generator with a seed, so that a failure can be reproduced (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What JSON can hold; a number that is too large becomes infinite. */
const ODD = [null, [], {}, '', 'x', 0, -1, 1, 2, 0.5, 1e308, Infinity, true, false, [1, 2], [0, 1280, 7]];

const word = { word: ' yes', start: 1.25, end: 1.5, confidence: 0.75 };
const utterance = { text: ' yes', start: 1.25, end: 1.5, language: 'en', confidence: 0.75, channel: 1, words: [word] };
const transcript = { type: 'transcript', data: { id: '00_1', is_final: false, utterance } };
const acknowledgment = {
  type: 'audio_chunk',
  acknowledged: true,
  error: null,
  data: { byte_range: [0, 1280], time_range: [0, 0.04] },
};

type Holder = Record<string, unknown>;

const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null;
const holdersIn = (value: unknown): Holder[] =>
  isHolder(value) ? [value, ...Object.values(value).flatMap(holdersIn)] : [];

/** The message with up to two of its entries, wherever they lie, gone, replaced or added. */
function damaged(message: object, random: () => number): unknown {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const copy = structuredClone(message);
  for (let damages = Math.floor(random() * 3); damages > 0; damages--) {
    const holder = pick(holdersIn(copy));
    const key = pick([...Object.keys(holder), String(Object.keys(holder).length)]);
    if (random() < 0.2 && !Array.isArray(holder)) Reflect.deleteProperty(holder, key);
    else holder[key] = structuredClone(pick(ODD));
  }
  return copy;
}

describe('acknowledgments and transcripts read without a schema', () => {
  it('are read in the form that Gladia documents', () => {
    expect(parseAcknowledgment(acknowledgment)).toEqual([0, 1280]);
    expect(parseTranscript(transcript)).toEqual(transcript.data);
  });

  it.each([1, 2, 3])('are never read differently from the schemas (seed %i)', (seed) => {
    const random = randomFrom(seed);
    const read = { acknowledgments: 0, transcripts: 0 };
    for (let i = 0; i < MESSAGES; i++) {
      const json = damaged(random() < 0.5 ? acknowledgment : transcript, random);
      const range = parseAcknowledgment(json);
      if (range !== undefined) {
        read.acknowledgments += 1;
        expect(failedSchema.safeParse(json).success).toBe(false);
        expect(acknowledgmentSchema.parse(json).data.byte_range).toEqual(range);
      }
      const plain = parseTranscript(json);
      if (plain !== undefined) {
        read.transcripts += 1;
        expect(plain).toEqual(transcriptSchema.parse(json).data);
      }
    }
    for (const count of Object.values(read)) {
      expect(count).toBeGreaterThan(MESSAGES / 10);
      expect(count).toBeLessThan(MESSAGES / 2.2);
    }
  });
});
