/** The kinds of frames (RFC 6455, section 5.2) by their opcode. */
export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const KNOWN = new Set<number>(Object.values(OPCODE));
const FIN = 0x80;
const OPCODE_BITS = 0x0f;
const RESERVED_BITS = 0x70;
const MASKED = 0x80;
const LENGTH_BITS = 0x7f;
const MASK_BYTES = 4;
const LARGEST_CONTROL_BYTES = 125;

/** The frame's length is unknown while its header is incomplete. */
export const UNKNOWN = 0;

export const opcodeOf = (first: number): number => first & OPCODE_BITS;
export const isFinal = (first: number): boolean => (first & FIN) !== 0;
export const isControl = (opcode: number): boolean => opcode >= OPCODE.close;

/** How many bytes precede a client's payload, the mask last, as the second byte of the frame says. */
export function headerBytes(second: number): number {
  const length = second & LENGTH_BITS;
  return 2 + (length === 126 ? 2 : length === 127 ? 8 : 0) + MASK_BYTES;
}

/** How many bytes the frame at `at` has, its header included; UNKNOWN while its header goes on beyond `end`. */
export function frameBytes(bytes: Buffer, at: number, end: number): number {
  if (end - at < 2) return UNKNOWN;
  const header = headerBytes(bytes[at + 1]!);
  if (end - at < header) return UNKNOWN;
  const length = bytes[at + 1]! & LENGTH_BITS;
  if (length < 126) return header + length;
  if (length === 126) return header + bytes.readUInt16BE(at + 2);
  return header + bytes.readUInt32BE(at + 2) * 2 ** 32 + bytes.readUInt32BE(at + 6);
}

/** Whether a client may send a frame with these first two bytes. */
export function isAllowed(first: number, second: number, inFragments: boolean): boolean {
  const opcode = opcodeOf(first);
  if ((first & RESERVED_BITS) !== 0 || (second & MASKED) === 0 || !KNOWN.has(opcode)) return false;
  if (isControl(opcode)) return isFinal(first) && (second & LENGTH_BITS) <= LARGEST_CONTROL_BYTES;
  return (opcode === OPCODE.continuation) === inFragments;
}
