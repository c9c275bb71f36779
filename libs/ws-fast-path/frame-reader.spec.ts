import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as ws from 'ws';
import { FrameBuffer } from './frame-buffer.js';
import { FrameReader } from './frame-reader.js';
import { frame as anyFrame, type FrameForm } from './raw-peer.spec-kit.js';

const MAX_PAYLOAD_BYTES = 4096;
const ALL_AT_ONCE = 64 * 1024;

/** The parser of `ws`, which its types keep to itself. */
interface Receiver {
  write(bytes: Buffer): boolean;
  on(event: string, listener: (...what: unknown[]) => void): this;
}
const { Receiver } = ws as unknown as { Receiver: new (options: Record<string, unknown>) => Receiver };

/** Random numbers from 0 to 1, the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}

/** Writes down the events of the parser of `ws`. */
function receiverInto(events: string[]): Receiver {
  const record =
    (event: string) =>
    (...what: unknown[]) =>
      events.push(
        [event, ...what.map((each) => (Buffer.isBuffer(each) ? each.toString('hex') : String(each)))].join(' '),
      );
  const receiver = new Receiver({ isServer: true, maxPayload: MAX_PAYLOAD_BYTES, skipUTF8Validation: true });
  for (const event of ['message', 'ping', 'pong', 'conclude']) receiver.on(event, record(event));
  return receiver.on('error', (error) => events.push(`error ${(error as { code: string }).code}`));
}

/** The events of the same bytes in the same pieces, with and without the frame reader before `ws`. */
function readBoth(pieces: readonly Buffer[]): { direct: string[]; alone: string[]; bypassed: number } {
  const alone: string[] = [];
  const direct: string[] = [];
  let bypassed = 0;
  const general = receiverInto(alone);
  const rest = receiverInto(direct);
  const reader = new FrameReader(
    {
      binary: (payload) => {
        bypassed += 1;
        direct.push(`message ${payload.toString('hex')} true`);
      },
      other: (bytes) => rest.write(bytes),
    },
    MAX_PAYLOAD_BYTES,
  );
  const buffer = new FrameBuffer(ALL_AT_ONCE);
  for (const piece of pieces) {
    general.write(Buffer.from(piece));
    reader.read(buffer, piece.copy(buffer.bytes));
  }
  return { direct, alone, bypassed };
}

/** A frame by its first byte: with FIN, reserved bits and opcode. */
const frame = (first: number, payload: Buffer = Buffer.alloc(0), form: FrameForm = {}): Buffer =>
  anyFrame(first & 0x0f, payload, { final: (first & 0x80) !== 0, reserved: first & 0x70, ...form });

const audio = (value: number, bytes = 1920): Buffer => frame(0x82, Buffer.alloc(bytes, value));

/** Cut at random. */
function pieces(bytes: Buffer, random: () => number): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = random() < 0.3 ? 1 + Math.floor(random() * 16) : 1 + Math.floor(random() * 5000);
    all.push(bytes.subarray(at, at + length));
    at += length;
  }
  return all;
}

/** A frame that a client may or may not send, mostly audio. */
function randomFrame(random: () => number, wrong: number): Buffer {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const payload = Buffer.alloc(Math.floor(random() * 200), Math.floor(random() * 256));
  if (random() < 0.5) return audio(Math.floor(random() * 256), pick([0, 1, 125, 126, 1919, 1920, 4096]));
  if (random() < wrong) return frame(Math.floor(random() * 256), payload, { masked: random() < 0.8 });
  if (random() < 0.5) return frame(pick([0x89, 0x8a]), payload.subarray(0, 125));
  if (random() < 0.5) return frame(0x81, Buffer.from('{"muted":true}'));
  if (random() < 0.5) return frame(0x82, payload, { lengthBytes: pick([2, 8]) });
  const [begin, middle, end] = [payload, audio(7).subarray(8, 40), Buffer.from('end')];
  const ping = frame(0x89, Buffer.from('between'));
  return Buffer.concat([frame(2, begin), ping, frame(0, middle), frame(0x80, end)]);
}

describe('FrameReader', () => {
  it('takes out audio, and passes none of it to ws', () => {
    const { direct, alone, bypassed } = readBoth([audio(1), audio(2), Buffer.concat([audio(3), audio(4, 0)])]);
    expect(bypassed).toBe(4);
    expect(direct).toEqual(alone);
    expect(direct[0]).toBe(`message ${'01'.repeat(1920)} true`);
  });

  it('puts audio together however it is cut', () => {
    const bytes = Buffer.concat([audio(1), audio(2), frame(0x89), audio(3)]);
    const whole = readBoth([bytes]).alone;
    const wrong: number[] = [];
    for (let cut = 1; cut < bytes.length; cut++) {
      const { direct, alone, bypassed } = readBoth([bytes.subarray(0, cut), bytes.subarray(cut)]);
      if (bypassed !== 3 || !isDeepStrictEqual(direct, whole) || !isDeepStrictEqual(alone, whole)) wrong.push(cut);
    }
    expect(whole).toHaveLength(4);
    expect(wrong).toEqual([]);
  });

  it('passes a frame on as soon as its last byte has arrived', () => {
    for (const last of [audio(1), frame(0x89), audio(1, 0)]) {
      const cut = last.length - 1;
      expect(readBoth([last.subarray(0, cut), last.subarray(cut)]).direct).toHaveLength(1);
    }
  });

  it('has the same outcome as ws alone, whatever honest clients send', () => {
    const random = seeded(11);
    for (let stream = 0; stream < 300; stream++) {
      const bytes = Buffer.concat(Array.from({ length: 20 }, () => randomFrame(random, 0)));
      const { direct, alone, bypassed } = readBoth(pieces(bytes, random));
      expect(direct).toEqual(alone);
      expect(bypassed).toBeGreaterThan(0);
    }
  });

  it('has the same outcome as ws alone, whatever is wrong, and takes nothing after it', async () => {
    const random = seeded(12);
    let refused = 0;
    for (let stream = 0; stream < 2_000; stream++) {
      const bytes = Buffer.concat(Array.from({ length: 12 }, () => randomFrame(random, 0.3)));
      const { direct, alone } = readBoth(pieces(bytes, random));
      await setImmediate(); // a stream emits its errors then
      expect(direct).toEqual(alone);
      refused += direct.some((each) => each.startsWith('error')) ? 1 : 0;
    }
    expect(refused).toBeGreaterThan(1_000);
  });

  it('takes nothing after a close frame', () => {
    const close = frame(0x88, Buffer.from([0x03, 0xe8]));
    const { direct, bypassed } = readBoth([Buffer.concat([audio(1), close, audio(2)]), audio(3)]);
    expect(bypassed).toBe(1);
    expect(direct).toHaveLength(2);
  });
});
