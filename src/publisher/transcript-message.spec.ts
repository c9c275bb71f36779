import { describe, expect, it } from '@jest/globals';
import { decode, encode, MAX_MESSAGE_BYTES } from '../../libs/protocol/codec.js';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import type { TranscriptSegment } from '../events/domain-events.js';
import { transcriptMessages } from './transcript-message.js';

const AT_ONCE = { latencyMs: 0, from: 'source' } as const;
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
    const [message, ...more] = transcriptMessages('s', segment('Hello world'), LIVE_AT, AT_ONCE);
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
    const messages = transcriptMessages('s', segment('word '.repeat(400).trim()), LIVE_AT, AT_ONCE);
    expect(messages).toHaveLength(1);
    const packet = encode({ ...messages[0]!, seq: 1 });
    expect(packet.byteLength).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(decode(packet)).not.toHaveProperty('words');
  });

  it('cuts a text that is too long for a packet into segments that follow one another', () => {
    const text = 'länger '.repeat(9_000).trim();
    const messages = transcriptMessages('s', segment(text), LIVE_AT, AT_ONCE);
    expect(messages.map((message) => message.text).join(' ')).toBe(text);
    expect(new Set(messages.map(({ segmentId }) => segmentId)).size).toBe(messages.length);
    messages.forEach((message, index) => {
      expect(encode({ ...message, seq: index }).byteLength).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      expect(message.startMs).toBe(index === 0 ? 12_340 : messages[index - 1]!.endMs);
    });
    expect(messages.at(-1)!.endMs).toBe(13_870);
  });

  const person = (n: number, name = `Person ${n}`) => ({ identity: `person-${n}`, name, trackSid: `TR_${n}` });
  const joined = (messages: readonly Omit<TranscriptMessage, 'seq'>[]): string =>
    messages.map(({ text }) => text).join('');

  it.each<[string, Partial<TranscriptSegment>]>([
    [
      '140 candidates',
      { speaker: null, candidates: Array.from({ length: 140 }, (_, n) => person(n, 'x'.repeat(100))) },
    ],
    ['a name that fills a packet', { speaker: person(1, '名'.repeat(20_000)) }],
    [
      'candidates of whom each fills a packet',
      { speaker: null, candidates: [person(1, 'é'.repeat(9_000)), person(2)] },
    ],
    ['an identity that fills a packet', { speaker: { identity: 'i'.repeat(16_000), name: 'Ann', trackSid: 'TR_1' } }],
  ])('sends every word in spite of %s', (_, fields) => {
    const messages = transcriptMessages('s', { ...segment('Hello world'), ...fields }, LIVE_AT, AT_ONCE);
    for (const message of messages)
      expect(encode({ ...message, seq: 1 }).length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(messages.map(({ text }) => text)).toEqual(['Hello world']);
  });

  it('tears no character where it splits a text without spaces', () => {
    const family = '👩‍👩‍👧‍👦';
    const messages = transcriptMessages('s', { ...segment(family.repeat(3_000)), words: [] }, LIVE_AT, AT_ONCE);
    expect(messages.length).toBeGreaterThan(1);
    expect(joined(messages)).toBe(family.repeat(3_000));
    for (const { text } of messages) expect(text.replaceAll(family, '')).toBe('');
  });

  it('sends no control character', () => {
    const [message] = transcriptMessages('s', segment('one\u0000two\r\nthree \ud83d'), LIVE_AT, AT_ONCE);
    expect(message?.text).toBe('one two three \ufffd');
    expect(JSON.stringify(message?.words)).not.toMatch(/\\u0000|\\r|\\ud83d/);
  });
});
