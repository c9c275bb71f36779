import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import * as ws from 'ws';
import { seeded } from '../../libs/sandbox/gladia/recogniser/scene.spec-kit.js';
import { FrameBuffer } from './frame-buffer.js';
import { FrameReader } from './frame-reader.js';

const MAX_PAYLOAD_BYTES = 4096;
const ALL_AT_ONCE = 64 * 1024;

/** The parser of `ws`, which its types keep to itself. */
interface Receiver {
  write(bytes: Buffer): boolean;
  on(event: string, listener: (...what: unknown[]) => void): this;
}
const { Receiver } = ws as unknown as { Receiver: new (options: Record<string, unknown>) => Receiver };

/** What `ws` makes of bytes, in words. */
function receiverInto(told: string[]): Receiver {
  const tell =
    (event: string) =>
    (...what: unknown[]) =>
      told.push(
        [event, ...what.map((each) => (Buffer.isBuffer(each) ? each.toString('hex') : String(each)))].join(' '),
      );
  const receiver = new Receiver({ isServer: true, maxPayload: MAX_PAYLOAD_BYTES, skipUTF8Validation: true });
  for (const event of ['message', 'ping', 'pong', 'conclude']) receiver.on(event, tell(event));
  return receiver.on('error', (error) => told.push(`error ${(error as { code: string }).code}`));
}

/** The same bytes in the same pieces, with and without our own way for sound. */
function bothWays(pieces: readonly Buffer[]): { direct: string[]; alone: string[]; passedBy: number } {
  const alone: string[] = [];
  const direct: string[] = [];
  let passedBy = 0;
  const general = receiverInto(alone);
  const rest = receiverInto(direct);
  const reader = new FrameReader(
    {
      binary: (payload) => {
        passedBy += 1;
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
  return { direct, alone, passedBy };
}

interface FrameParts {
  readonly first: number;
  readonly payload: Buffer;
  readonly masked?: boolean;
  /** How many bytes tell the length: 0, 2 or 8. */
  readonly extended?: 0 | 2 | 8;
}

function frame({ first, payload, masked = true, extended = payload.length < 126 ? 0 : 2 }: FrameParts): Buffer {
  const length = Buffer.alloc(extended);
  if (extended === 2) length.writeUInt16BE(payload.length);
  if (extended === 8) length.writeUInt32BE(payload.length, 4);
  const second = (masked ? 0x80 : 0) | (extended === 0 ? payload.length : extended === 2 ? 126 : 127);
  const mask = masked ? Buffer.from([0x1b, 0xf3, 0x42, 0x99]) : Buffer.alloc(0);
  const sent = Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
  return Buffer.concat([Buffer.from([first, second]), length, mask, sent]);
}

const sound = (value: number, bytes = 1920): Buffer => frame({ first: 0x82, payload: Buffer.alloc(bytes, value) });

/** Cuts at places of chance. */
function pieces(bytes: Buffer, random: () => number): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = random() < 0.3 ? 1 + Math.floor(random() * 16) : 1 + Math.floor(random() * 5000);
    all.push(bytes.subarray(at, at + length));
    at += length;
  }
  return all;
}

/** A frame that a client may or may not send, mostly sound. */
function anyFrame(random: () => number, wrong: number): Buffer {
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)]!;
  const payload = Buffer.alloc(Math.floor(random() * 200), Math.floor(random() * 256));
  if (random() < 0.5) return sound(Math.floor(random() * 256), pick([0, 1, 125, 126, 1919, 1920, 4096]));
  if (random() < wrong) return frame({ first: Math.floor(random() * 256), payload, masked: random() < 0.8 });
  if (random() < 0.5) return frame({ first: pick([0x89, 0x8a]), payload: payload.subarray(0, 125) });
  if (random() < 0.5) return frame({ first: 0x81, payload: Buffer.from('{"muted":true}') });
  if (random() < 0.5) return frame({ first: 0x82, payload, extended: pick([2, 8]) });
  const [begin, middle, end] = [payload, sound(7).subarray(8, 40), Buffer.from('end')];
  const ping = frame({ first: 0x89, payload: Buffer.from('between') });
  return Buffer.concat([
    frame({ first: 2, payload: begin }),
    ping,
    frame({ first: 0, payload: middle }),
    frame({ first: 0x80, payload: end }),
  ]);
}

describe('the reader of frames', () => {
  it('takes out sound, and leaves nothing of it to the general parser', () => {
    const { direct, alone, passedBy } = bothWays([sound(1), sound(2), Buffer.concat([sound(3), sound(4, 0)])]);
    expect(passedBy).toBe(4);
    expect(direct).toEqual(alone);
    expect(direct[0]).toBe(`message ${'01'.repeat(1920)} true`);
  });

  it('puts sound together however it is cut', () => {
    const bytes = Buffer.concat([sound(1), sound(2), frame({ first: 0x89, payload: Buffer.alloc(0) }), sound(3)]);
    for (let cut = 1; cut < bytes.length; cut++) {
      const { direct, alone, passedBy } = bothWays([bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(passedBy).toBe(3);
      expect(direct).toEqual(alone);
    }
  });

  it('tells a frame as soon as its last byte has come', () => {
    for (const last of [sound(1), frame({ first: 0x89, payload: Buffer.alloc(0) }), sound(1, 0)]) {
      const cut = last.length - 1;
      expect(bothWays([last.subarray(0, cut), last.subarray(cut)]).direct).toHaveLength(1);
    }
  });

  it('comes to what ws comes to, whatever proper clients send', () => {
    const random = seeded(11);
    for (let stream = 0; stream < 300; stream++) {
      const bytes = Buffer.concat(Array.from({ length: 20 }, () => anyFrame(random, 0)));
      const { direct, alone, passedBy } = bothWays(pieces(bytes, random));
      expect(direct).toEqual(alone);
      expect(passedBy).toBeGreaterThan(0);
    }
  });

  it('comes to what ws comes to, whatever is wrong, and takes nothing after it', async () => {
    const random = seeded(12);
    let refused = 0;
    for (let stream = 0; stream < 2_000; stream++) {
      const bytes = Buffer.concat(Array.from({ length: 12 }, () => anyFrame(random, 0.3)));
      const { direct, alone } = bothWays(pieces(bytes, random));
      await setImmediate(); // that is when streams tell of their errors
      expect(direct).toEqual(alone);
      refused += direct.some((each) => each.startsWith('error')) ? 1 : 0;
    }
    expect(refused).toBeGreaterThan(1_000);
  });

  it('takes nothing after a goodbye', () => {
    const goodbye = frame({ first: 0x88, payload: Buffer.from([0x03, 0xe8]) });
    const { direct, passedBy } = bothWays([Buffer.concat([sound(1), goodbye, sound(2)]), sound(3)]);
    expect(passedBy).toBe(1);
    expect(direct).toHaveLength(2);
  });
});
