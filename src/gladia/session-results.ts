import { NO_RESULT, type GladiaApi, type SessionResult } from './gladia-api.js';
import { GladiaError } from './gladia-error.js';
import type { GladiaSettings } from './gladia-settings.js';
import { Backoff } from '../waiting/backoff.js';
import { pause } from '../waiting/pause.js';
import type { TranscriptReader } from './transcript-reader.js';

/** While the stream goes on, a network that is away may come back. */
const PATIENCE_MS = 120_000;

/** Fetches what the sockets of ended Gladia sessions did not bring, as long as there is time for it. */
export class SessionResults {
  readonly #over = new AbortController();
  #deadline: NodeJS.Timeout | undefined;

  constructor(
    private readonly api: Pick<GladiaApi, 'result'>,
    private readonly settings: Pick<GladiaSettings, 'timings' | 'random'>,
  ) {}

  /** Resolves when all of the session was read, or there was no time for it; what it left open is final then. */
  async complete(sessionId: string, reader: TranscriptReader): Promise<void> {
    if (!reader.isComplete) reader.recover(await this.#poll(sessionId));
    reader.settle();
  }

  /** From now on there is only so much time left. */
  endWithin(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#over.abort(), ms);
  }

  /** Gives up what is not here yet. Idempotent. */
  close(): void {
    clearTimeout(this.#deadline);
    this.#over.abort();
  }

  /** A session that has just ended may be unknown, pending or answered with an error for a while. */
  async #poll(sessionId: string): Promise<SessionResult> {
    const signal = AbortSignal.any([this.#over.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const backoff = new Backoff(this.settings.timings.polling, this.settings.random);
    while (!signal.aborted) {
      let askedToWaitMs = 0;
      try {
        const result = await this.api.result(sessionId, signal);
        if (result.status !== 'pending') return result;
      } catch (error) {
        if (!(error instanceof GladiaError) || error.status === 401 || error.status === 403) return NO_RESULT;
        askedToWaitMs = error.retryAfterMs;
      }
      await pause(backoff.nextMs(askedToWaitMs), signal);
    }
    return NO_RESULT;
  }
}
