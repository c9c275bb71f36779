import { Injectable } from '@nestjs/common';
import { RateLimiter } from '../async/rate-limiter.js';

const LIMIT = { burst: 300, perSecond: 60, maxKeys: 10_000 };
/** What reads what was said takes the database and the event loop longer than other requests. */
const READ_COST = 6;

/** How much each caller of the API may ask for, so that nobody slows the others down. */
@Injectable()
export class RequestLimits {
  readonly #callers = new RateLimiter(LIMIT);

  /** Whether this caller may ask now. @param caller the token's identity and room */
  tryAcquire(caller: string, reads: boolean): boolean {
    return this.#callers.tryAcquire(caller, performance.now(), reads ? READ_COST : 1);
  }
}
