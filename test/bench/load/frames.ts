/** Ten milliseconds of S16LE at 48 kHz in stereo, as Egress sends them. */
export const FRAME_MS = 10;
const INSTANTS = 480;
const PAYLOAD_BYTES = INSTANTS * 4;
const HEADER_BYTES = 8;
const MASK = [0x3c, 0xa5, 0x96, 0x0f] as const;

/** Half a second of noise at -17 dBFS: the costliest sound for a mixer, as it never pauses. */
export const noiseFrames = (): Buffer[] =>
  Array.from({ length: 50 }, () => frame(() => Math.round(Math.random() * 12_000 - 6_000)));

export const silentFrame = (): Buffer => frame(() => 0);

/** A tone that begins with the frame's first sample. */
export const burstFrame = (): Buffer =>
  frame((instant) => Math.round(12_000 * Math.cos((2 * Math.PI * 1000 * instant) / 48_000)));

/** A whole binary WebSocket message, masked as a client's must be, ready for the socket. */
function frame(sampleAt: (instant: number) => number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + PAYLOAD_BYTES);
  bytes.set([0x82, 0x80 | 126, PAYLOAD_BYTES >> 8, PAYLOAD_BYTES & 0xff, ...MASK]);
  for (let instant = 0; instant < INSTANTS; instant++) {
    const sample = sampleAt(instant);
    bytes.writeInt16LE(sample, HEADER_BYTES + instant * 4);
    bytes.writeInt16LE(sample, HEADER_BYTES + instant * 4 + 2);
  }
  for (let i = 0; i < PAYLOAD_BYTES; i++) bytes[HEADER_BYTES + i]! ^= MASK[i % 4]!;
  return bytes;
}
