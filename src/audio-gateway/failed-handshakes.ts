import { TokenBucket } from '../async/token-bucket.js';

export interface FailureLimits {
  /** How many failures an address may have at once. */
  readonly atOnce: number;
  /** How many more it may have each second. */
  readonly perSecond: number;
  /** How many addresses are remembered; the one whose last failure is the oldest is forgotten first. */
  readonly addresses: number;
}

const LIMITS: FailureLimits = { atOnce: 200, perSecond: 5, addresses: 4_096 };

/**
 * Limits how often an address is answered whose tokens are invalid. Used only after a token was found invalid, so that a
 * valid one always gets in, even from an address that guesses.
 */
export class FailedHandshakes {
  /** The address whose last failure is the oldest comes first. */
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(private readonly limits: FailureLimits = LIMITS) {}

  /** How many addresses are remembered. */
  get addresses(): number {
    return this.#buckets.size;
  }

  /** Counts a failure; true while the address is within its limit and gets an answer. */
  count(address: string, nowMs: number): boolean {
    const { atOnce, perSecond, addresses } = this.limits;
    const bucket = this.#buckets.get(address) ?? new TokenBucket(atOnce, perSecond, nowMs);
    this.#buckets.delete(address);
    this.#buckets.set(address, bucket);
    if (this.#buckets.size > addresses) this.#forgetOldest();
    return bucket.take(nowMs);
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}
