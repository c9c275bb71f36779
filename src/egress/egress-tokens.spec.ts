import { beforeEach, describe, expect, it } from '@jest/globals';
import { EgressTokens } from './egress-tokens.js';

const config = {
  apiKey: 'key',
  apiSecret: 'secret',
  httpUrl: 'http://127.0.0.1:7880',
  apiPerMinute: 0,
  wsUrl: 'ws://127.0.0.1:7880',
};
const NOW = 1_800_000_000_000;
const ticket = { sessionId: 'session', target: 'TR_a', attempt: 3 };

describe('EgressTokens', () => {
  let tokens: EgressTokens;
  let token: string;

  beforeEach(() => {
    tokens = new EgressTokens(config);
    token = tokens.issue(ticket, NOW);
  });

  it('proves session, track and attempt', () => {
    expect(tokens.verify('session', 'TR_a', token, NOW + 30_000)).toEqual(ticket);
  });

  it.each([
    ['another session', 'other', 'TR_a'],
    ['another track', 'session', 'TR_b'],
    ['ids that run together', 'sessionTR_', 'a'],
  ])('is worth nothing for %s', (_, sessionId, target) => {
    expect(tokens.verify(sessionId, target, token, NOW)).toBe('forged');
  });

  it('expires', () => {
    expect(tokens.verify('session', 'TR_a', token, NOW + 60_000)).toEqual(ticket);
    expect(tokens.verify('session', 'TR_a', token, NOW + 60_001)).toBe('expired');
  });

  it('cannot be given more time or another attempt', () => {
    const [attempt, expiry, mac] = token.split('.') as [string, string, string];
    const later = (parseInt(expiry, 36) + 60_000).toString(36);
    expect(tokens.verify('session', 'TR_a', `${attempt}.${later}.${mac}`, NOW)).toBe('forged');
    expect(tokens.verify('session', 'TR_a', `4.${expiry}.${mac}`, NOW)).toBe('forged');
  });

  it.each(['x', '1.2.3', '..', '3.zzzz.' + 'A'.repeat(43), 'é'.repeat(100)])('refuses %j', (forged) => {
    expect(tokens.verify('session', 'TR_a', forged, NOW)).toBe('forged');
  });

  it('knows that there is none', () => {
    expect(tokens.verify('session', 'TR_a', '', NOW)).toBe('missing');
  });

  it('is worth nothing to another run of the service, and travels in a query as it is', () => {
    expect(new EgressTokens(config).verify('session', 'TR_a', token, NOW)).toBe('forged');
    expect(encodeURIComponent(token)).toBe(token);
  });
});
