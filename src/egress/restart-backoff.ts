import { Backoff } from '../async/backoff.js';
import type { EgressFault } from './egress-api.js';

/** A stream that ran this long was healthy: the next start need not wait. */
const HEALTHY_MS = 5_000;
const BACKOFF = { baseMs: 500, capMs: 30_000 };
/** Short, because the circuit already delays starts while LiveKit's API fails. */
const OUTAGE_BACKOFF = { baseMs: 200, capMs: 1_000 };
const OUTAGE_MIN_MS = 100;

/** How long an egress run waits before it starts its egress again: exponential, with full jitter. */
export class RestartBackoff {
  readonly #backoff = new Backoff(BACKOFF, Math.random);
  readonly #outage = new Backoff(OUTAGE_BACKOFF, Math.random);

  afterStream(durationMs: number): number {
    this.#outage.reset();
    if (durationMs < HEALTHY_MS) return this.#backoff.nextMs();
    this.#backoff.reset();
    return 0;
  }

  afterFault(fault: EgressFault): number {
    const isOutage = fault === 'unanswered' || fault === 'outage';
    return isOutage ? this.#outage.nextMs(OUTAGE_MIN_MS) : this.#backoff.nextMs();
  }
}
