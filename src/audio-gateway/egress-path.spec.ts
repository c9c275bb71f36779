import { describe, expect, it } from '@jest/globals';
import { parseEgressAddress } from './egress-path.js';

describe('parseEgressAddress', () => {
  it('reads session, track and token', () => {
    expect(parseEgressAddress('/egress/audio/session-1/TR_AMabc?token=1.k.m')).toEqual({
      sessionId: 'session-1',
      trackSid: 'TR_AMabc',
      token: '1.k.m',
    });
    expect(parseEgressAddress('/egress/audio/s/t')?.token).toBe('');
  });

  it.each([
    undefined,
    '/',
    '/egress/audio',
    '/egress/audio/s',
    '/egress/audio/s/t/u',
    '/egress/audio/../t',
    '/x/egress/audio/s/t',
  ])('knows no other path: %s', (url) => {
    expect(parseEgressAddress(url)).toBeUndefined();
  });
});
