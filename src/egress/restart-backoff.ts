import { Backoff } from '../async/backoff.js';
import type { EgressFault } from './egress-api.js';

/** A stream that ran this long was healthy, so its end is no reason to wait before the next start. */
const HEALTHY_MS = 5_000;
const BACKOFF = { baseMs: 500, capMs: 30_000 };
/** While LiveKit's API fails the circuit does the waiting. */
const OUTAGE = { baseMs: 200, capMs: 1_000 };
const OUTAGE_LEAST_MS = 100;

/** How long one egress waits before it is started anew: exponential, with full jitter. */
export class RestartBackoff {
  readonly #backoff = new Backoff(BACKOFF, Math.random);
  readonly #outage = new Backoff(OUTAGE, Math.random);

  afterStream(lastedMs: number): number {
    this.#outage.reset();
    if (lastedMs < HEALTHY_MS) return this.#backoff.nextMs();
    this.#backoff.reset();
    return 0;
  }

  afterFault(fault: EgressFault): number {
    const isOutage = fault === 'unanswered' || fault === 'outage';
    return isOutage ? this.#outage.nextMs(OUTAGE_LEAST_MS) : this.#backoff.nextMs();
  }
}
