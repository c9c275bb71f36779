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
  const come = (count: number, address: string, nowMs = 0): PendingPeer[] =>
    Array.from({ length: count }, (_, n) => {
      const one = peer(`${address}${n}`);
      pending.add(one, address, nowMs);
      return one;
    });

  it('cuts who has not said in time what it wants, and nobody before', () => {
    come(2, 'a');
    pending.cutOverdue(5_000);
    expect(destroyed).toEqual([]);
    pending.cutOverdue(5_001);
    expect(destroyed).toEqual(['a0', 'a1']);
    expect(cut).toEqual(['slow', 'slow']);
  });

  it('is less patient with an address of which too many wait, until they are as few as they may be', () => {
    come(5, 'a');
    come(1, 'b');
    pending.cutOverdue(1_000);
    expect(destroyed).toEqual([]);
    pending.cutOverdue(1_001);
    expect(destroyed).toEqual(['a0', 'a1']);
    expect(cut).toEqual(['crowded', 'crowded']);
  });

  it('lets the oldest go when there are too many in all', () => {
    come(3, 'a');
    come(4, 'b');
    expect(destroyed).toEqual(['a0']);
    expect(cut).toEqual(['full']);
    expect(pending.size).toBe(LIMITS.inAll);
  });

  it('forgets who has come in or gone, and their addresses', () => {
    const [first, second] = come(2, 'a') as [PendingPeer, PendingPeer];
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
