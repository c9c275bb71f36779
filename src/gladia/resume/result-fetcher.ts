import { Backoff } from '../../async/backoff.js';
import { sleep } from '../../async/sleep.js';
import { orAborted } from '../../async/or-aborted.js';
import { NO_RESULT, type GladiaApi, type SessionResult } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import type { GladiaSettings } from '../api/gladia-settings.js';

/**
 * Fetches what the sockets of ended Gladia sessions did not bring. Gladia may take longer for it than the end of a stream
 * may: what comes after that is still fetched, for hours.
 */
export class ResultFetcher {
  readonly #patienceOver = new AbortController();
  readonly #over = new AbortController();
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly api: Pick<GladiaApi, 'result'>,
    private readonly settings: Pick<GladiaSettings, 'timings' | 'random'>,
    /** Aborted when the service ends. */
    private readonly closing: AbortSignal = new AbortController().signal,
  ) {}

  /** Resolves to what Gladia kept of a session, or to nothing when it has nothing to give, whatever is tried. */
  async read(sessionId: string): Promise<SessionResult> {
    const { giveUpAfterMs, backoff: range } = this.settings.timings.polling;
    const signal = AbortSignal.any([this.#over.signal, this.closing]);
    const giveUpAtMs = performance.now() + giveUpAfterMs;
    const backoff = new Backoff(range, this.settings.random);
    while (!signal.aborted && performance.now() < giveUpAtMs) {
      let askedToWaitMs = 0;
      try {
        const result = await this.api.result(sessionId, signal);
        if (result.status !== 'pending') return result;
      } catch (error) {
        if (!(error instanceof GladiaError) || error.status === 401 || error.status === 403) return NO_RESULT;
        askedToWaitMs = error.retryAfterMs;
      }
      await sleep(backoff.nextMs(askedToWaitMs), signal);
    }
    return NO_RESULT;
  }

  /** Resolves with the reading, or when the stream has no more time to wait for it. */
  async whileThereIsTime(reading: Promise<void>): Promise<void> {
    await orAborted(reading, this.#patienceOver.signal);
  }

  /** From now on the stream waits only so long. */
  endWithin(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#patienceOver.abort(), ms);
  }

  /** The stream waits no longer. Idempotent. */
  release(): void {
    clearTimeout(this.#deadline);
    this.#patienceOver.abort();
  }

  /** Nobody wants to know any more. Idempotent. */
  close(): void {
    this.release();
    this.#over.abort();
  }
}
