import { Backoff } from '../async/backoff.js';
import { sleep } from '../async/sleep.js';
import { EgressApiError } from './egress-api.js';

export type CircuitState = 'closed' | 'open' | 'half-open';

export interface CircuitTimes {
  /** How long it stays open: at least `leastMs`, plus an exponential backoff between `baseMs` and `capMs`. */
  readonly leastMs: number;
  readonly baseMs: number;
  readonly capMs: number;
  /** Once LiveKit answers again, the waiting calls are spread over this time. */
  readonly spreadMs: number;
}

const TIMES: CircuitTimes = { leastMs: 500, baseMs: 1_000, capMs: 10_000, spreadMs: 1_000 };
const FAILURES_TO_OPEN = 3;

/**
 * A circuit breaker for starts at LiveKit's Egress API, shared by all tracks. It opens after three failures in a row; then
 * one start at a time is tried, with growing pauses, until one is answered.
 */
export class EgressCircuit {
  #state: CircuitState = 'closed';
  #failures = 0;
  #probeAtMs = 0;
  readonly #backoff: Backoff;
  readonly #listeners: ((open: boolean) => void)[] = [];
  #change = new AbortController();

  constructor(private readonly times: CircuitTimes = TIMES) {
    this.#backoff = new Backoff(times, Math.random);
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Calls back with `true` when it opens, and with `false` when it is closed again. */
  onChange(listener: (open: boolean) => void): void {
    this.#listeners.push(listener);
  }

  /** Makes the call as soon as the circuit allows it. Resolves with undefined when `signal` aborts first; rejects as the call does. */
  async call<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    if (!(await this.#waitForPermission(signal))) return undefined;
    try {
      const answer = await call();
      this.#onAnswer();
      return answer;
    } catch (error) {
      if (isOutage(error)) this.#onOutage();
      else this.#onAnswer();
      throw error;
    }
  }

  async #waitForPermission(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      if (this.#mayCall()) return true;
      await this.#waitForChange(signal);
    }
    return false;
  }

  #mayCall(): boolean {
    if (this.#state === 'closed') return true;
    if (this.#state === 'half-open' || performance.now() < this.#probeAtMs) return false;
    this.#state = 'half-open';
    return true;
  }

  async #waitForChange(signal: AbortSignal): Promise<void> {
    const waitMs = this.#state === 'open' ? this.#probeAtMs - performance.now() : this.times.capMs;
    await sleep(Math.max(1, waitMs), AbortSignal.any([signal, this.#change.signal]));
    if (this.state === 'closed') await sleep(Math.random() * this.times.spreadMs, signal);
  }

  #onAnswer(): void {
    this.#failures = 0;
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#backoff.reset();
    this.#notify(false);
  }

  #onOutage(): void {
    this.#failures += 1;
    const wasClosed = this.#state === 'closed';
    if (wasClosed && this.#failures < FAILURES_TO_OPEN) return;
    this.#state = 'open';
    this.#probeAtMs = performance.now() + this.#backoff.nextMs(this.times.leastMs);
    if (wasClosed) this.#notify(true);
  }

  #notify(open: boolean): void {
    for (const listener of this.#listeners) listener(open);
    this.#change.abort();
    this.#change = new AbortController();
  }
}

const isOutage = (error: unknown): boolean =>
  error instanceof EgressApiError && (error.fault === 'outage' || error.fault === 'unanswered');
