import { afterEach, describe, expect, it } from '@jest/globals';
import OpusScript from 'opusscript';
import { createOpusDecoder, type OpusDecoder, packetMs } from './opus.js';
import { bytesOf, decibels, fitSine, meanSquare, tone } from './tone.spec-kit.js';

const opened: OpusDecoder[] = [];
const decoder = (): OpusDecoder => {
  const made = createOpusDecoder();
  opened.push(made);
  return made;
};
afterEach(() => opened.splice(0).forEach((made) => made.close()));

/** 50 packets of 20 ms with a 440 Hz tone. */
const packets = (rateHz: 16_000 | 48_000): Uint8Array[] => {
  const encoder = new OpusScript(rateHz, 1, OpusScript.Application.VOIP);
  const frame = rateHz / 50;
  const sound = tone(440, rateHz, 50 * frame, 0.3);
  const encoded = Array.from({ length: 50 }, (_, i) =>
    encoder.encode(Buffer.from(bytesOf(sound.slice(i * frame, (i + 1) * frame))), frame),
  );
  encoder.delete();
  return encoded;
};

const decodeAll = (into: OpusDecoder, stream: readonly Uint8Array[]): Int16Array =>
  Int16Array.from(stream.flatMap((packet) => [...into.decode(packet)]));

const BROKEN_20_MS = Uint8Array.of(0x4b, 0xc2, 0xff, 0xff, 0xff);

describe('OpusDecoder', () => {
  it.each([16_000, 48_000] as const)('decodes a %i Hz stream to 16 kHz mono', (rateHz) => {
    const samples = decodeAll(decoder(), packets(rateHz));
    expect(samples).toHaveLength(16_000);
    const { power } = fitSine(samples.subarray(3_200), 440, 16_000);
    expect(Math.abs(decibels(power / meanSquare(tone(440, 16_000, 16_000, 0.3))))).toBeLessThan(1);
  });

  it('keeps 400 tracks apart while the memory grows under them', () => {
    const stream = packets(16_000).slice(0, 10);
    const alone = decodeAll(decoder(), stream);
    const first = decoder();
    const started = decodeAll(first, stream.slice(0, 5));
    const others = Array.from({ length: 400 }, decoder);
    // Compared as bytes: a matcher that looks at each sample of 400 tracks takes many seconds.
    const isAlike = (samples: Int16Array): boolean => Buffer.from(samples.buffer).equals(Buffer.from(alone.buffer));
    for (const other of others) expect(isAlike(decodeAll(other, stream))).toBe(true);
    expect(Int16Array.from([...started, ...decodeAll(first, stream.slice(5))])).toEqual(alone);
  });

  it('replaces a corrupt packet by silence of its length, without a click, and goes on', () => {
    const stream = packets(16_000);
    const track = decoder();
    const before = decodeAll(track, stream.slice(0, 20));
    const silence = track.decode(BROKEN_20_MS).slice();
    const after = decodeAll(track, stream.slice(20));
    expect(track.corrupted).toBe(1);
    expect(silence).toHaveLength(packetMs(BROKEN_20_MS)! * 16);
    expect(meanSquare(silence.subarray(80))).toBe(0);
    const all = Int16Array.from([...before, ...silence, ...after]);
    const jumps = all.slice(1).map((sample, i) => Math.abs(sample - all[i]!));
    expect(Math.max(...jumps)).toBeLessThan(2_400);
    expect(meanSquare(after.subarray(1_600))).toBeGreaterThan(1e7);
  });

  it('uses the last known length where a packet has none', () => {
    const track = decoder();
    track.decode(packets(16_000)[0]!);
    expect(track.decode(new Uint8Array(0))).toHaveLength(320);
    expect(track.decode(new Uint8Array(9_000).fill(0xff))).toHaveLength(320);
    expect(track.corrupted).toBe(2);
  });

  it('survives random bytes', () => {
    const track = decoder();
    let state = 7;
    const random = (): number => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 16;
    for (let round = 0; round < 2_000; round++) {
      const samples = track.decode(Uint8Array.from({ length: random() % 200 }, random));
      expect(samples.length).toBeGreaterThan(0);
      expect(samples.length).toBeLessThanOrEqual(1_920);
    }
    expect(decodeAll(track, packets(16_000))).toHaveLength(16_000);
  });

  it('returns nothing once closed', () => {
    const track = decoder();
    track.close();
    track.close();
    expect(track.decode(packets(16_000)[0]!)).toHaveLength(0);
  });
});

describe('the length of a packet', () => {
  it.each([
    [[0x00], 10],
    [[0x18], 60],
    [[0x19], 120],
    [[0x4b, 0x02], 40],
    [[0xf8], 20],
    [[0xe0], 2.5],
    [[0xfb, 0x06], 120],
    [[0xfb, 0x07], null],
    [[0xfb], null],
    [[], null],
  ])('of %j is %s ms', (bytes, ms) => {
    expect(packetMs(Uint8Array.from(bytes))).toBe(ms);
  });
});
