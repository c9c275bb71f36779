import { describe, expect, it } from '@jest/globals';
import { parseEgressAddress } from './egress-path.js';

describe('parseEgressAddress', () => {
  it('reads session, track and token', () => {
    expect(parseEgressAddress('/egress/audio/session-1/TR_AMabc?token=1.k.m')).toEqual({
      sessionId: 'session-1',
      target: 'TR_AMabc',
      trackSids: ['TR_AMabc'],
      token: '1.k.m',
    });
    expect(parseEgressAddress('/egress/audio/s/t')?.token).toBe('');
  });

  it('reads a pair, left and right', () => {
    for (const comma of [',', '%2C']) {
      const address = parseEgressAddress(`/egress/audio/s/TR_l${comma}TR_r?token=x`);
      expect(address).toMatchObject({ target: 'TR_l,TR_r', trackSids: ['TR_l', 'TR_r'] });
    }
  });

  it.each([
    undefined,
    '/',
    '/egress/audio',
    '/egress/audio/s',
    '/egress/audio/s/t/u',
    '/egress/audio/s/t,',
    '/egress/audio/s/t,u,v',
    '/egress/audio/../t',
    '/x/egress/audio/s/t',
  ])('knows no other path: %s', (url) => {
    expect(parseEgressAddress(url)).toBeUndefined();
  });
});
