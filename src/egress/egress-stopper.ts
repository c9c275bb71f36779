import { Backoff } from '../async/backoff.js';
import { sleep } from '../async/sleep.js';
import type { EgressApi } from './egress-api.js';
import type { EgressAttempt } from './egress-attempt.js';

const BACKOFF = { baseMs: 500, capMs: 5_000 };
const MAX_RETRY_MS = 60_000;

/** Stops egresses reliably: retries failed stop calls, and finds an egress whose start was never answered. */
export class EgressStopper {
  constructor(
    private readonly api: EgressApi,
    private readonly room: string,
    /** The address that its egresses connect to, which LiveKit repeats in its lists. */
    private readonly path: string,
  ) {}

  /** Resolves when LiveKit has accepted the stop, when the egress has ended, or after a minute. Never rejects. */
  async stop(attempt: EgressAttempt): Promise<void> {
    const backoff = new Backoff(BACKOFF, Math.random);
    const ended = new AbortController();
    const socketWasLost = attempt.wasClosed;
    // A WebSocket that was lost earlier says nothing about its egress; one that closes during the stop ends with it.
    if (!socketWasLost) void attempt.closed.then(() => ended.abort());
    void attempt.ended.then(() => ended.abort());
    for (const deadlineMs = performance.now() + MAX_RETRY_MS; performance.now() < deadlineMs;) {
      if (await this.#tryToStop(attempt)) return;
      // Its successor has the same address, so that it cannot be found by that.
      if (socketWasLost && attempt.knownId === undefined) return;
      await sleep(backoff.nextMs(100), ended.signal);
      if (ended.signal.aborted) return;
    }
  }

  /** Stops the egresses of starts that got no answer. Resolves with their number; -1 when one of them may still run. */
  async stopLost(): Promise<number> {
    try {
      const lost = await this.#listed();
      const stops = await Promise.allSettled(lost.map((egressId) => this.api.stop(egressId)));
      return stops.every(({ status }) => status === 'fulfilled') ? lost.length : -1;
    } catch {
      return -1;
    }
  }

  async #tryToStop(attempt: EgressAttempt): Promise<boolean> {
    const egressId = await attempt.egressId;
    if (egressId === undefined) return (await this.stopLost()) >= 0;
    return this.api.stop(egressId).then(
      () => true,
      () => false,
    );
  }

  async #listed(): Promise<string[]> {
    const active = await this.api.listActive(this.room);
    return active.filter(({ url }) => url.split('?', 1)[0] === this.path).map(({ egressId }) => egressId);
  }
}
