import { createHash } from 'node:crypto';

const BYTES = 16;

/**
 * What LiveKit knows a packet by, so that it delivers it once however often it is sent: made of the message's number, so
 * that a service that was killed between sending and noting that it sent finds the same one again.
 */
export function packetNonce(sessionId: string, seq: number): Uint8Array {
  return createHash('sha256').update(`${sessionId}\n${seq}`).digest().subarray(0, BYTES);
}
