import { describe, expect, it } from '@jest/globals';
import { decode, encode, MAX_MESSAGE_BYTES } from './codec.js';
import type { Message, SnapshotMessage, TranscriptMessage } from './message.js';

const transcript: TranscriptMessage = {
  v: 1,
  type: 'transcript',
  sessionId: 's',
  seq: 42,
  segmentId: 'u1.0',
  revision: 3,
  final: true,
  text: 'Hello world',
  language: 'en',
  speaker: { identity: 'alice', name: 'Alice', trackSid: 'TR_a' },
  confidence: 0.97,
  startMs: 12_340,
  endMs: 13_870,
  startedAt: '2026-01-01T10:00:12.340Z',
  words: [{ text: 'Hello', startMs: 12_340, endMs: 12_700, confidence: 0.98 }],
  source: 'server',
};

describe('the message codec', () => {
  it.each<Message>([
    transcript,
    { ...transcript, speaker: null, candidates: [transcript.speaker!] },
    { v: 1, type: 'translation', sessionId: 's', seq: 1, segmentId: 'u1.0', language: 'fr', text: 'Bonjour' },
    { v: 1, type: 'status', sessionId: 's', seq: 1, status: 'gap', message: 'Missed.', startMs: 0, endMs: 10 },
    { v: 1, type: 'snapshot', sessionId: 's', seq: 1, segments: [] },
  ])('brings a message over unchanged: %#', (message) => {
    expect(decode(encode(message))).toEqual(message);
  });

  it('drops the oldest segments of a snapshot that is too long', () => {
    const { words: _, ...segment } = transcript;
    const segments = Array.from({ length: 200 }, (_, n) => ({ ...segment, segmentId: `u${n}`, text: 'x'.repeat(200) }));
    const packet = encode({ v: 1, type: 'snapshot', sessionId: 's', seq: 1, segments });
    expect(packet.byteLength).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    const kept = (decode(packet) as SnapshotMessage).segments;
    expect(kept.length).toBeGreaterThan(5);
    expect(kept.at(-1)!.segmentId).toBe('u199');
  });

  it('refuses a text that fits no packet, and anything that is no message', () => {
    expect(() => encode({ ...transcript, text: 'x'.repeat(20_000) })).toThrow(RangeError);
    expect(() => decode(new TextEncoder().encode('{"v":2}'))).toThrow();
    expect(() => decode(Uint8Array.of(0xff))).toThrow();
  });
});
