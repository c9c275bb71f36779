import { Backoff } from '../../async/backoff.js';
import { orAborted } from '../../async/or-aborted.js';
import { sleep } from '../../async/sleep.js';
import { NO_RESULT, type GladiaApi, type SessionResult } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import type { GladiaSettings } from '../api/gladia-settings.js';

/**
 * Fetches the results of ended Gladia sessions, for what their sockets did not bring. Gladia may need longer for a result
 * than the end of a stream may take: the stream waits until its deadline, and the fetch goes on for hours.
 */
export class ResultFetcher {
  readonly #deadlinePassed = new AbortController();
  readonly #closed = new AbortController();
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly api: Pick<GladiaApi, 'result'>,
    private readonly settings: Pick<GladiaSettings, 'timings' | 'random'>,
    /** Aborted when the service shuts down. */
    private readonly shutdown: AbortSignal = new AbortController().signal,
  ) {}

  /** Resolves to the result of a session, or to `NO_RESULT` when all attempts failed. Never rejects. */
  async fetch(sessionId: string): Promise<SessionResult> {
    const { giveUpAfterMs, backoff: range } = this.settings.timings.polling;
    const signal = AbortSignal.any([this.#closed.signal, this.shutdown]);
    const giveUpAtMs = performance.now() + giveUpAfterMs;
    const backoff = new Backoff(range, this.settings.random);
    while (!signal.aborted && performance.now() < giveUpAtMs) {
      let retryAfterMs = 0;
      try {
        const result = await this.api.result(sessionId, signal);
        if (result.status !== 'pending') return result;
      } catch (error) {
        if (!(error instanceof GladiaError) || error.status === 401 || error.status === 403) return NO_RESULT;
        retryAfterMs = error.retryAfterMs;
      }
      await sleep(backoff.nextMs(retryAfterMs), signal);
    }
    return NO_RESULT;
  }

  /** Resolves with the fetch, or at the deadline. */
  async untilDeadline(fetching: Promise<void>): Promise<void> {
    await orAborted(fetching, this.#deadlinePassed.signal);
  }

  /** The stream waits this long from now on. */
  setDeadline(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#deadlinePassed.abort(), ms);
  }

  /** The stream waits no longer; the fetch goes on. Idempotent. */
  stopWaiting(): void {
    clearTimeout(this.#deadline);
    this.#deadlinePassed.abort();
  }

  /** Ends the fetch too. Idempotent. */
  close(): void {
    this.stopWaiting();
    this.#closed.abort();
  }
}
