import { describe, expect, it } from '@jest/globals';
import { parseMuteMessage } from './track-socket.js';

describe('parseMuteMessage', () => {
  it('reads what Egress sends', () => {
    expect(parseMuteMessage(Buffer.from('{"muted":true}'))).toBe(true);
    expect(parseMuteMessage(Buffer.from('{"muted":false}'))).toBe(false);
  });

  it.each(['', 'null', '[]', '{}', '{"muted":1}', 'true', '{"muted":true', `{"muted":true,"x":"${'x'.repeat(100)}"}`])(
    'reads nothing else: %s',
    (text) => {
      expect(parseMuteMessage(Buffer.from(text))).toBeUndefined();
    },
  );
});
