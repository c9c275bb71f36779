import { describe, expect, it } from '@jest/globals';
import { decode, encode, MAX_MESSAGE_BYTES } from '../../libs/protocol/codec.js';
import { TranslationReady } from '../events/domain-events.js';
import { translationMessages } from './translation-message.js';

describe('translationMessages', () => {
  it('encodes a translation as the protocol defines it', () => {
    const [message, ...more] = translationMessages(new TranslationReady('s', '7.1', 'fr', 'Bonjour'));
    expect(more).toEqual([]);
    expect(decode(encode({ ...message!, seq: 3 }))).toEqual({
      v: 1,
      type: 'translation',
      sessionId: 's',
      seq: 3,
      segmentId: '7.1',
      language: 'fr',
      text: 'Bonjour',
    });
  });

  it('splits a text that is too long for a packet between words', () => {
    const text = 'länger '.repeat(5_000).trim();
    const messages = translationMessages(new TranslationReady('s', '7.1', 'de', text));
    expect(messages.map((message) => message.text).join(' ')).toBe(text);
    expect(messages.length).toBeGreaterThan(1);
    for (const message of messages) {
      expect(encode({ ...message, seq: 1 }).byteLength).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    }
  });
});
