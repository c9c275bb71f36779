import { createHash } from 'node:crypto';
import { OPCODE } from '../frame-header.js';
import { frame, type FrameForm } from '../raw-peer.spec-kit.js';

/** Bytes for one write, or how many frames must have come back before the client goes on. */
export type Step = Buffer | number;

export interface AutobahnCase {
  /** Its number in the suite. */
  readonly id: string;
  readonly steps: readonly Step[];
  /** All frames that must come back, in words; after the last the server ends the connection. */
  readonly answers: readonly string[];
}

/** Codes of closes. */
export const CLOSE = { normal: 1000, protocolError: 1002, invalidPayload: 1007 } as const;

export type Payload = Buffer | string;

const NAMES = new Map<number, string>([
  [OPCODE.text, 'text'],
  [OPCODE.binary, 'binary'],
  [OPCODE.close, 'close'],
  [OPCODE.pong, 'pong'],
]);
/** A longer payload is shown by its digest. */
const READABLE_BYTES = 128;

/** A frame in words; of a close only the code, for the reason may be any. */
export function inWords(opcode: number, payload: Payload): string {
  const name = NAMES.get(opcode) ?? `opcode ${opcode}`;
  const bytes = Buffer.from(payload);
  if (bytes.length === 0) return name;
  if (opcode === OPCODE.close) return `${name} ${bytes.readUInt16BE(0)}`;
  if (bytes.length <= READABLE_BYTES) return `${name} ${bytes.toString('latin1')}`;
  return `${name} of ${bytes.length} bytes, ${createHash('sha1').update(bytes).digest('hex')}`;
}

export const text = (payload: Payload, form?: FrameForm): Buffer => frame(OPCODE.text, Buffer.from(payload), form);
export const more = (payload: Payload, form?: FrameForm): Buffer =>
  frame(OPCODE.continuation, Buffer.from(payload), form);
export const ping = (payload: Payload = '', form?: FrameForm): Buffer => frame(OPCODE.ping, Buffer.from(payload), form);
export const pong = (payload: Payload = '', form?: FrameForm): Buffer => frame(OPCODE.pong, Buffer.from(payload), form);

/** A close frame that holds a code and a reason. */
export function close(code: number, reason: Payload = ''): Buffer {
  const payload = Buffer.from([code >> 8, code & 0xff, ...Buffer.from(reason)]);
  return frame(OPCODE.close, payload);
}

const closeOf = (code: number): string => `close ${code}`;

/** A message in frames of so many bytes each. */
export function inFragments(opcode: number, payload: Buffer, bytes: number): Buffer[] {
  return inChops(bytes, payload).map((piece, n) =>
    frame(n === 0 ? opcode : OPCODE.continuation, piece, { final: (n + 1) * bytes >= payload.length }),
  );
}

export const atOnce = (...frames: readonly Buffer[]): Buffer[] => [Buffer.concat(frames)];

/** Cut into writes of so many bytes, whatever frames there are in them. */
export function inChops(bytes: number, ...frames: readonly Buffer[]): Buffer[] {
  const all = Buffer.concat(frames);
  return Array.from({ length: Math.ceil(all.length / bytes) }, (_, n) => all.subarray(n * bytes, (n + 1) * bytes));
}

/** The server answers with this, the client closes, and the server too. */
export function answered(id: string, steps: readonly Step[], ...answers: readonly string[]): AutobahnCase {
  return { id, steps: [...steps, answers.length, close(CLOSE.normal)], answers: [...answers, closeOf(CLOSE.normal)] };
}

/** The server closes with this code of itself; `before` is all that it answers until then. */
export function closed(id: string, code: number, steps: readonly Step[], ...before: readonly string[]): AutobahnCase {
  return { id, steps, answers: [...before, closeOf(code)] };
}
