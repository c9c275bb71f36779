import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AccessTickets } from './access-tickets.js';
import { RoomGrants } from './room-access.js';

const GRANTS = new RoomGrants({ sub: 'alice', video: { room: 'red', roomJoin: true } });

describe('AccessTickets', () => {
  beforeEach(() => void jest.useFakeTimers({ now: 1_000_000 }));
  afterEach(() => void jest.useRealTimers());

  it('opens one stream of its session, once', () => {
    const tickets = new AccessTickets();
    const { ticket, expiresAtUnixMs } = tickets.issue('one', GRANTS);
    expect(expiresAtUnixMs).toBe(1_060_000);
    expect(tickets.redeem(ticket, 'two')).toBeUndefined();
    expect(tickets.redeem(ticket, 'one')).toBe(GRANTS);
    expect(tickets.redeem(ticket, 'one')).toBeUndefined();
    expect(tickets.redeem('a guess', 'one')).toBeUndefined();
  });

  it('expires after a minute', () => {
    const tickets = new AccessTickets();
    const { ticket } = tickets.issue('one', GRANTS);
    jest.advanceTimersByTime(60_000);
    expect(tickets.redeem(ticket, 'one')).toBeUndefined();
  });

  it('remembers the newest ten thousand', () => {
    const tickets = new AccessTickets();
    const [first] = Array.from({ length: 10_001 }, () => tickets.issue('one', GRANTS).ticket);
    expect(tickets.redeem(first ?? '', 'one')).toBeUndefined();
    expect(tickets.redeem(tickets.issue('one', GRANTS).ticket, 'one')).toBe(GRANTS);
  });
});
