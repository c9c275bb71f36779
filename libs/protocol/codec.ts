import { messageSchema, type Message, type SnapshotMessage } from './message.js';

/** The limit for a message, with room for LiveKit's envelope (a packet holds 16 KiB, of which 15 KiB are user data). */
export const MAX_MESSAGE_BYTES = 15_000;

const utf8 = new TextEncoder();

const bytesOf = (message: Message): Uint8Array => utf8.encode(JSON.stringify(message));

/** Whether a message fits one data packet unchanged. */
export const fits = (message: Message): boolean => bytesOf(message).byteLength <= MAX_MESSAGE_BYTES;

/**
 * Encodes one message as a data packet: JSON in UTF-8, at most 15,000 bytes.
 * A transcript that is too long loses its word times, a snapshot its oldest segments.
 * @throws RangeError when even the text alone does not fit: the publisher splits before it numbers.
 */
export function encode(message: Message): Uint8Array {
  const bytes = bytesOf(message);
  if (bytes.byteLength <= MAX_MESSAGE_BYTES) return bytes;
  if (message.type === 'transcript' && message.words) {
    const { words: _, ...withoutWords } = message;
    return encode(withoutWords);
  }
  if (message.type === 'snapshot' && (message.segments.length > 0 || message.statuses !== undefined))
    return encode(withoutOldest(message));
  throw new RangeError(`a ${message.type} message of ${bytes.byteLength} bytes does not fit a data packet`);
}

/**
 * Decodes a packet and validates it.
 * @throws SyntaxError when it is not JSON, z.ZodError when it is not one of our messages.
 */
export function decode(packet: Uint8Array): Message {
  return messageSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(packet)));
}

/** A quarter of the segments is left out, with their translations; without any, the statuses. */
function withoutOldest({ translations, statuses, ...snapshot }: SnapshotMessage): SnapshotMessage {
  if (snapshot.segments.length === 0) return snapshot;
  const segments = snapshot.segments.slice(Math.ceil(snapshot.segments.length / 4));
  const kept = new Set(segments.map(({ segmentId }) => segmentId));
  const ofKept = translations?.filter(({ segmentId }) => kept.has(segmentId));
  return { ...snapshot, segments, ...(ofKept && { translations: ofKept }), ...(statuses && { statuses }) };
}
