import { describe, expect, it } from '@jest/globals';
import { loadRecordings } from '../../recordings/catalogue.js';
import type { Recording } from '../../recordings/recording.js';
import type { RecognisedWord } from './occurrence.js';
import { Lexicon } from './lexicon.js';
import { listen, scene, seeded, throughOpus } from './scene.spec-kit.js';

const recordings = loadRecordings();
const lexicon = new Lexicon(recordings);
const random = seeded(7);
const offset = (): number => 800 + Math.floor(random() * 8_000);

type Expected = { recordingId: string; text: string; startMs: number };

const wordsOf = (recording: Recording, at: number): Expected[] =>
  recording.words.map(({ text, startMs }) => ({ recordingId: recording.id, text, startMs: startMs + at / 16 }));

const isThere = (heard: readonly RecognisedWord[], word: Expected, withinMs = 30): boolean =>
  heard.some(
    (w) => w.recordingId === word.recordingId && w.text === word.text && Math.abs(w.startMs - word.startMs) < withinMs,
  );

const missing = (heard: readonly RecognisedWord[], expected: readonly Expected[], withinMs?: number): Expected[] =>
  expected.filter((word) => !isThere(heard, word, withinMs));

function expectExactly(heard: readonly RecognisedWord[], expected: readonly Expected[]): void {
  expect(missing(heard, expected)).toEqual([]);
  expect(heard).toHaveLength(expected.length);
}

function longestPause({ words }: Recording): { lengthMs: number; endMs: number } {
  const pauses = words.slice(1).map(({ startMs }, i) => ({ lengthMs: startMs - words[i]!.endMs, endMs: startMs }));
  return pauses.reduce((longest, pause) => (pause.lengthMs > longest.lengthMs ? pause : longest));
}

interface Extent {
  /** Each property is shown with one sentence in so many. */
  readonly oneIn: number;
  /** The most words, in all sentences of a property together, where a few are allowed. */
  readonly most: { readonly missed: number; readonly invented: number };
}

/** A share of the list. */
type Some = <T>(all: readonly T[]) => T[];

/** What the word listener must find, and must not find, in the bundled recordings. */
export function describeWordListener({ oneIn, most }: Extent): void {
  const some: Some = (all) => all.filter((_, i) => i % oneIn === 0);
  describeSentences(some);
  describeTwoVoices(some, most);
  describeJumps(some, most);
  describeDamagedWords(some);
  describeLostParts(some, most);
  describeBrokenPaths(some);
}

function describeSentences(some: Some): void {
  describe('a sentence by itself', () => {
    it.each(some(recordings))('$id is heard word by word, wherever it begins', (recording) => {
      for (const at of [offset(), offset()]) {
        const heard = listen(lexicon, scene({ sound: recording.samples, at }));
        expectExactly(heard, wordsOf(recording, at));
        expect(Math.max(...heard.map((word) => word.delayMs))).toBeLessThan(700);
        expect(Math.min(...heard.map((word) => word.confidence))).toBeGreaterThan(0.7);
      }
    });

    it.each([-12, 6])('is heard at %i dB', (db) => {
      for (const recording of some(recordings)) {
        const at = offset();
        const heard = listen(lexicon, scene({ sound: recording.samples, at, gain: 10 ** (db / 20) }));
        expectExactly(heard, wordsOf(recording, at));
      }
    });

    it.each([24_000, 32_000])('is heard through Opus at %i bit/s', (bitrate) => {
      for (const recording of some(recordings)) {
        const at = offset();
        const heard = listen(lexicon, throughOpus(scene({ sound: recording.samples, at }), bitrate));
        expectExactly(heard, wordsOf(recording, at));
      }
    });
  });
}

function describeTwoVoices(some: Some, most: Extent['most']): void {
  describe('a sentence under another voice', () => {
    it('is heard at equal loudness', () => {
      const pairs = recordings.flatMap((first, i) => {
        const second = recordings[(i + 7) % recordings.length]!;
        return first.speaker === second.speaker ? [] : [{ first, second, at: offset(), later: 4_000 + offset() }];
      });
      const misses = some(pairs).flatMap(({ first, second, at, later }) => {
        const heard = listen(lexicon, scene({ sound: first.samples, at }, { sound: second.samples, at: later }));
        const expected = [...wordsOf(first, at), ...wordsOf(second, later)];
        expect(heard.length).toBeLessThanOrEqual(expected.length);
        return missing(heard, expected);
      });
      expect(pairs.length).toBeGreaterThan(8);
      expect(misses.length).toBeLessThanOrEqual(most.missed);
    });
  });
}

function describeJumps(some: Some, most: Extent['most']): void {
  describe('a damaged sentence', () => {
    it('is followed over jumps of 8 ms', () => {
      const misses = some(recordings).flatMap(({ samples, ...recording }) => {
        const [first, second] = [9_600, 20_600];
        const sound = scene(
          { sound: samples.slice(0, first), at: 1_600 },
          { sound: samples.slice(first + 128, second), at: 1_600 + first },
          { sound: samples.slice(second - 128), at: 1_600 + second - 128 },
        );
        return missing(listen(lexicon, sound), wordsOf({ samples, ...recording }, 1_600));
      });
      expect(misses.length).toBeLessThanOrEqual(most.missed);
    });

    it.each([30, 80, 200])('is followed over pauses of %i ms in the middle of words', (pauseMs) => {
      const late = pauseMs * 16;
      const misses = some(recordings).flatMap((recording) => {
        const [first, second] = [9_600, 20_600];
        const sound = scene(
          { sound: recording.samples.slice(0, first), at: 1_600 },
          { sound: recording.samples.slice(first, second), at: 1_600 + first + late },
          { sound: recording.samples.slice(second), at: 1_600 + second + 2 * late },
        );
        const heard = listen(lexicon, sound);
        return missing(heard, wordsOf(recording, 1_600), 2 * pauseMs + 30);
      });
      expect(misses.length).toBeLessThanOrEqual(most.missed);
    });

    it.each([20, 40, 100])('is followed where a pause within it is shorter by %i ms', (shorterMs) => {
      const paused = recordings.filter((recording) => longestPause(recording).lengthMs > shorterMs);
      const misses = some(paused).flatMap((recording) => {
        const { endMs } = longestPause(recording);
        const [cut, early] = [Math.round(endMs * 16), shorterMs * 16];
        const sound = scene(
          { sound: recording.samples.slice(0, cut - early), at: 1_600 },
          { sound: recording.samples.slice(cut), at: 1_600 + cut - early },
        );
        return missing(listen(lexicon, sound), wordsOf(recording, 1_600), shorterMs + 30);
      });
      expect(paused.length).toBeGreaterThanOrEqual(2);
      expect(misses).toEqual([]);
    });
  });
}

function describeDamagedWords(some: Some): void {
  describe('a sentence damaged within a word', () => {
    it.each([20, 40, 100, 200])('is heard whole when its first word is interrupted for %i ms', (pauseMs) => {
      const beginLong = recordings.filter(({ words: [first] }) => first!.endMs - first!.startMs >= 240);
      const misses = some(beginLong).flatMap((recording) => {
        const { startMs, endMs } = recording.words[0]!;
        const [cut, late] = [Math.round((startMs + endMs) * 8), pauseMs * 16];
        const sound = scene(
          { sound: recording.samples.slice(0, cut), at: 1_600 },
          { sound: recording.samples.slice(cut), at: 1_600 + cut + late },
        );
        return missing(listen(lexicon, sound), wordsOf(recording, 1_600), pauseMs + 30);
      });
      expect(beginLong.length).toBeGreaterThan(8);
      expect(misses).toEqual([]);
    });

    it.each([100, 200, 280])('is heard whole when %i ms of its last word are heard twice', (twiceMs) => {
      const endLong = recordings.filter(({ words }) => words.at(-1)!.endMs - words.at(-1)!.startMs >= 300);
      const misses = some(endLong).flatMap((recording) => {
        const { startMs, endMs } = recording.words.at(-1)!;
        const [cut, back] = [Math.round((startMs + 0.8 * (endMs - startMs)) * 16), twiceMs * 16];
        const sound = scene(
          { sound: recording.samples.slice(0, cut), at: 1_600 },
          { sound: recording.samples.slice(cut - back), at: 1_600 + cut },
        );
        return missing(listen(lexicon, sound), wordsOf(recording, 1_600), twiceMs + 30);
      });
      expect(endLong.length).toBeGreaterThan(8);
      expect(misses).toEqual([]);
    });
  });
}

function describeLostParts(some: Some, most: Extent['most']): void {
  describe('a sentence of which a part is lost', () => {
    it('keeps what is left when its beginning is lost', () => {
      for (const recording of some(recordings)) {
        const heard = listen(lexicon, scene({ sound: recording.samples.slice(12_800), at: 1_600 }));
        const left = recording.words.filter((word) => word.startMs > 800);
        expect(missing(heard, wordsOf({ ...recording, words: left }, 1_600 - 12_800))).toEqual([]);
        const gone = recording.words.filter((word) => word.endMs < 840);
        expect(heard.filter((word) => gone.some(({ text }) => text === word.text))).toEqual([]);
      }
    });

    it('misses the words of a stretch that was cut out, and no other', () => {
      const results = some(recordings).map((recording) => {
        const head = { sound: recording.samples.slice(0, 12_800), at: 1_600 };
        const tail = { sound: recording.samples.slice(25_600), at: 1_600 + 12_800 };
        const heard = listen(lexicon, scene(head, tail));
        const before = recording.words.filter((word) => word.endMs < 790);
        const after = recording.words.filter((word) => word.startMs > 1_610);
        const cut = recording.words.filter((word) => word.startMs > 760 && word.endMs < 1_640);
        const missed = [
          ...missing(heard, wordsOf({ ...recording, words: before }, 1_600)),
          ...missing(heard, wordsOf({ ...recording, words: after }, 1_600 - 12_800)),
        ];
        return { missed, invented: heard.filter((word) => cut.some(({ text }) => text === word.text)) };
      });
      expect(results.flatMap((result) => result.invented).length).toBeLessThanOrEqual(most.invented);
      expect(results.flatMap((result) => result.missed).length).toBeLessThanOrEqual(most.missed);
    });
  });
}

function describeBrokenPaths(some: Some): void {
  describe('a broken path gives no words', () => {
    const swapped = (sound: Int16Array): Int16Array => sound.map((x) => ((x & 0xff) << 8) | ((x >> 8) & 0xff));
    const paths: Record<string, (sound: Int16Array) => Int16Array> = {
      'twice the rate': (sound) => sound.map((_, i) => sound[i * 2] ?? 0),
      'stereo read as mono': (sound) => Int16Array.from({ length: sound.length * 2 }, (_, i) => sound[i >> 1]!),
      '44.1 kHz read as 48 kHz': (sound) => sound.map((_, i) => sound[Math.floor((i * 48) / 44.1)] ?? 0),
      'bytes swapped': swapped,
      'off by one byte': (sound) => sound.map((x, i) => ((x >> 8) & 0xff) | ((sound[i + 1] ?? 0) << 8)),
      'every other 10 ms dropped': (sound) => sound.filter((_, i) => Math.floor(i / 160) % 2 === 0),
      'time reversed': (sound) => sound.slice().reverse(),
      noise: (sound) => sound.map(() => (random() * 2 - 1) * 8_000),
    };

    it.each(Object.keys(paths))('%s', (path) => {
      const heard = some(recordings).flatMap(({ samples }) =>
        listen(lexicon, scene({ sound: paths[path]!(samples), at: 1_600 })),
      );
      expect(heard).toEqual([]);
    });
  });
}
