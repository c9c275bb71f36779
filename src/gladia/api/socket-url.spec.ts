import { describe, expect, it } from '@jest/globals';
import { GladiaError } from './gladia-error.js';
import { socketUrl } from './socket-url.js';

describe('socketUrl', () => {
  it.each([
    ['wss://us-west.gladia.test/live?token=a', 'https://api.gladia.test', 'wss://us-west.gladia.test/live?token=a'],
    ['ws://127.0.0.1:2/live?token=a', 'http://127.0.0.1:1', 'ws://127.0.0.1:2/live?token=a'],
    ['ws://127.0.0.1:1/live?token=a', 'http://127.0.0.1:1', 'ws://127.0.0.1:1/live?token=a'],
    ['/v2/live?token=a', 'https://api.example', 'wss://api.example/v2/live?token=a'],
    ['https://api.example/x#part', 'https://api.example', 'wss://api.example/x'],
  ])('takes %s from %s as %s', (given, apiUrl, expected) => {
    expect(socketUrl(given, apiUrl)).toBe(expected);
  });

  it.each(['ws://api.example/live', 'http://api.example/live', 'ftp://api.example', 'http://['])(
    'refuses %s from an API with TLS',
    (given) => {
      expect(() => socketUrl(given, 'https://api.example')).toThrow(GladiaError);
    },
  );

  it.each([
    ['wss://elsewhere.test/live', 'https://api.gladia.test'],
    ['wss://notgladia.test/live', 'https://api.gladia.test'],
    ['ws://10.0.0.1/live', 'http://127.0.0.1:1'],
    ['ws://9.0.0.1/live', 'http://10.0.0.1:1'],
  ])('follows %s from %s only where that host is named', (given, apiUrl) => {
    expect(() => socketUrl(given, apiUrl)).toThrow(GladiaError);
    expect(socketUrl(given, apiUrl, [new URL(given).hostname])).toBe(given);
  });
});
