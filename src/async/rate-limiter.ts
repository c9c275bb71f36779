import { BoundedMap } from '../collections/bounded-map.js';
import { TokenBucket } from './token-bucket.js';

export interface RateLimit {
  /** How many tokens a key may take at once. */
  readonly burst: number;
  readonly perSecond: number;
  /** How many keys are remembered; the one that was used longest ago is forgotten first. */
  readonly maxKeys?: number;
}

/** A token bucket for each key: an address, a caller, a participant. */
export class RateLimiter {
  readonly #buckets: BoundedMap<string, TokenBucket>;

  constructor(private readonly limit: RateLimit) {
    this.#buckets = new BoundedMap(limit.maxKeys ?? Infinity);
  }

  /** How many keys are remembered. */
  get keys(): number {
    return this.#buckets.size;
  }

  /** Whether the key is within its limit; only then are the tokens taken. */
  tryAcquire(key: string, nowMs: number, tokens = 1): boolean {
    const { burst, perSecond } = this.limit;
    const bucket = this.#buckets.get(key) ?? new TokenBucket(burst, perSecond, nowMs);
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    return bucket.take(nowMs, tokens);
  }
}
