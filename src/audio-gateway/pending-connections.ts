/** A connection that has not sent a request yet. */
export interface PendingPeer {
  destroy(): unknown;
}

export type CutReason = 'slow' | 'crowded' | 'full';

export interface PendingLimits {
  /** How long a connection may take to send the head of its first request. */
  readonly patienceMs: number;
  /** How many connections of one address may take so long. */
  readonly perAddress: number;
  /** How long each may take while there are more. A peer that has a token sends it at once. */
  readonly crowdedPatienceMs: number;
  /** How many connections may be pending in all; above that, the oldest is cut. */
  readonly inAll: number;
}

export const PENDING_LIMITS: PendingLimits = {
  patienceMs: 5_000,
  perAddress: 64,
  crowdedPatienceMs: 2_000,
  inAll: 4_096,
};

interface Waiting {
  readonly address: string;
  readonly sinceMs: number;
}

/**
 * Limits connections that send no request. None is refused when it connects, since it may have a valid token: each is given
 * time to show it, but little time where many of the same address have not shown theirs.
 */
export class PendingConnections<Peer extends PendingPeer> {
  /** The oldest first. */
  readonly #waiting = new Map<Peer, Waiting>();
  readonly #perAddress = new Map<string, number>();

  constructor(
    private readonly onCut: (reason: CutReason) => void,
    private readonly limits: PendingLimits = PENDING_LIMITS,
  ) {}

  get size(): number {
    return this.#waiting.size;
  }

  /** How many addresses are remembered. */
  get addresses(): number {
    return this.#perAddress.size;
  }

  has(peer: Peer): boolean {
    return this.#waiting.has(peer);
  }

  add(peer: Peer, address: string, nowMs: number): void {
    this.#waiting.set(peer, { address, sinceMs: nowMs });
    this.#perAddress.set(address, this.#of(address) + 1);
    if (this.#waiting.size <= this.limits.inAll) return;
    for (const oldest of this.#waiting.keys()) {
      this.#cut(oldest, 'full');
      return;
    }
  }

  /** To be called when it has sent a request or has closed. */
  remove(peer: Peer): void {
    const waiting = this.#waiting.get(peer);
    if (waiting === undefined) return;
    this.#waiting.delete(peer);
    const left = this.#of(waiting.address) - 1;
    if (left > 0) this.#perAddress.set(waiting.address, left);
    else this.#perAddress.delete(waiting.address);
  }

  /** To be called a few times a second. */
  cutOverdue(nowMs: number): void {
    const { patienceMs, crowdedPatienceMs, perAddress } = this.limits;
    for (const [peer, { address, sinceMs }] of this.#waiting) {
      const waitedMs = nowMs - sinceMs;
      if (waitedMs <= crowdedPatienceMs) return;
      if (waitedMs > patienceMs) this.#cut(peer, 'slow');
      else if (this.#of(address) > perAddress) this.#cut(peer, 'crowded');
    }
  }

  #of(address: string): number {
    return this.#perAddress.get(address) ?? 0;
  }

  #cut(peer: Peer, reason: CutReason): void {
    this.remove(peer);
    peer.destroy();
    this.onCut(reason);
  }
}
