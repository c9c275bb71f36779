import { beforeEach, describe, expect, it } from '@jest/globals';
import { PendingConnections, type CutReason, type PendingPeer } from './pending-connections.js';

const LIMITS = { patienceMs: 5_000, perAddress: 3, crowdedPatienceMs: 1_000, inAll: 6 };

describe('PendingConnections', () => {
  let cut: CutReason[];
  let destroyed: string[];
  let pending: PendingConnections<PendingPeer>;

  beforeEach(() => {
    [cut, destroyed] = [[], []];
    pending = new PendingConnections((reason) => cut.push(reason), LIMITS);
  });
  const peer = (name: string): PendingPeer => ({ destroy: () => destroyed.push(name) });
  const connect = (count: number, address: string, nowMs = 0): PendingPeer[] =>
    Array.from({ length: count }, (_, n) => {
      const one = peer(`${address}${n}`);
      pending.add(one, address, nowMs);
      return one;
    });

  it('cuts connections that have sent no request in time, and none before', () => {
    connect(2, 'a');
    pending.cutOverdue(5_000);
    expect(destroyed).toEqual([]);
    pending.cutOverdue(5_001);
    expect(destroyed).toEqual(['a0', 'a1']);
    expect(cut).toEqual(['slow', 'slow']);
  });

  it('is less patient with an address that has too many, until it has as many as it may', () => {
    connect(5, 'a');
    connect(1, 'b');
    pending.cutOverdue(1_000);
    expect(destroyed).toEqual([]);
    pending.cutOverdue(1_001);
    expect(destroyed).toEqual(['a0', 'a1']);
    expect(cut).toEqual(['crowded', 'crowded']);
  });

  it('cuts the oldest when there are too many in all', () => {
    connect(3, 'a');
    connect(4, 'b');
    expect(destroyed).toEqual(['a0']);
    expect(cut).toEqual(['full']);
    expect(pending.size).toBe(LIMITS.inAll);
  });

  it('forgets connections that were removed, and their addresses', () => {
    const [first, second] = connect(2, 'a') as [PendingPeer, PendingPeer];
    expect(pending.has(first)).toBe(true);
    pending.remove(first);
    pending.remove(first);
    expect([pending.has(first), pending.size, pending.addresses]).toEqual([false, 1, 1]);
    pending.remove(second);
    expect([pending.size, pending.addresses]).toEqual([0, 0]);
    pending.cutOverdue(60_000);
    expect(destroyed).toEqual([]);
  });
});
