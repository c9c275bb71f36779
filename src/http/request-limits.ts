import { Injectable } from '@nestjs/common';
import { BoundedMap } from '../collections/bounded-map.js';
import { TokenBucket } from '../async/token-bucket.js';

const BURST = 300;
const PER_SECOND = 60;
/** What reads what was said takes the database and the event loop longer than other requests. */
const READ_COST = 6;
const MOST_CALLERS = 10_000;

/** How much each caller of the API may ask for, so that nobody slows the others down. */
@Injectable()
export class RequestLimits {
  readonly #buckets = new BoundedMap<string, TokenBucket>(MOST_CALLERS);

  /** Whether this caller may ask now. @param caller the token's identity and room */
  tryAcquire(caller: string, reads: boolean): boolean {
    const nowMs = performance.now();
    const bucket = this.#buckets.get(caller) ?? new TokenBucket(BURST, PER_SECOND, nowMs);
    this.#buckets.set(caller, bucket);
    return bucket.take(nowMs, reads ? READ_COST : 1);
  }
}
