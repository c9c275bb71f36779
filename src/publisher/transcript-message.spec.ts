import { describe, expect, it } from '@jest/globals';
import { decode, encode, MAX_MESSAGE_BYTES } from '../../libs/protocol/codec.js';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import type { TranscriptSegment } from '../events/domain-events.js';
import { transcriptMessages } from './transcript-message.js';

const LIVE_AT = Date.parse('2026-01-01T10:00:00.000Z');
const alice = { identity: 'alice', name: 'Alice', trackSid: 'TR_a' };

const segment = (text: string): TranscriptSegment => ({
  segmentId: 'u1.0',
  revision: 2,
  final: true,
  text,
  language: 'en',
  speaker: alice,
  candidates: [],
  confidence: 0.9,
  startMs: 12_340,
  endMs: 13_870,
  words: text.split(' ').map((word) => ({ text: word, startMs: 12_340, endMs: 12_700, confidence: 0.9 })),
  source: 'server',
});

describe('transcriptMessages', () => {
  it('carries a segment as the protocol defines it, with wall time derived from the session clock', () => {
    const [message, ...more] = transcriptMessages('s', segment('Hello world'), LIVE_AT);
    expect(more).toEqual([]);
    const received = decode(encode({ ...message!, seq: 42 })) as TranscriptMessage;
    expect(received).toMatchObject({
      seq: 42,
      segmentId: 'u1.0',
      text: 'Hello world',
      speaker: alice,
      source: 'server',
    });
    expect(received.startedAt).toBe('2026-01-01T10:00:12.340Z');
    expect(received.words).toHaveLength(2);
    expect(received).not.toHaveProperty('candidates');
  });

  it('leaves out word times before it cuts a text', () => {
    const messages = transcriptMessages('s', segment('word '.repeat(400).trim()), LIVE_AT);
    expect(messages).toHaveLength(1);
    const packet = encode({ ...messages[0]!, seq: 1 });
    expect(packet.byteLength).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(decode(packet)).not.toHaveProperty('words');
  });

  it('cuts a text that is too long for a packet into segments that follow one another', () => {
    const text = 'länger '.repeat(9_000).trim();
    const messages = transcriptMessages('s', segment(text), LIVE_AT);
    expect(messages.map((message) => message.text).join(' ')).toBe(text);
    expect(new Set(messages.map(({ segmentId }) => segmentId)).size).toBe(messages.length);
    messages.forEach((message, index) => {
      expect(encode({ ...message, seq: index }).byteLength).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      expect(message.startMs).toBe(index === 0 ? 12_340 : messages[index - 1]!.endMs);
    });
    expect(messages.at(-1)!.endMs).toBe(13_870);
  });
});
