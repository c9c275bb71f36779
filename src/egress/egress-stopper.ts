import { Backoff } from '../async/backoff.js';
import { sleep } from '../async/sleep.js';
import type { EgressApi } from './egress-api.js';
import type { EgressAttempt } from './egress-attempt.js';

const BACKOFF = { baseMs: 500, capMs: 5_000 };
const GIVE_UP_AFTER_MS = 60_000;

/** Ends egresses for sure: also one whose start was never answered, and also when the first call to stop it fails. */
export class EgressStopper {
  constructor(
    private readonly api: EgressApi,
    private readonly room: string,
    /** The path that its egresses dial, which LiveKit repeats in its lists. */
    private readonly path: string,
  ) {}

  /** Resolves when LiveKit has taken the order, when the egress is over anyway, or after a minute. Never rejects. */
  async stop(attempt: EgressAttempt): Promise<void> {
    const backoff = new Backoff(BACKOFF, Math.random);
    const over = new AbortController();
    const isLost = attempt.wasClosed;
    // A socket that was lost before says nothing of its egress; one that closes from now on closes with it.
    if (!isLost) void attempt.closed.then(() => over.abort());
    void attempt.ended.then(() => over.abort());
    for (const deadlineMs = performance.now() + GIVE_UP_AFTER_MS; performance.now() < deadlineMs;) {
      if (await this.#tryToStop(attempt)) return;
      // By its path it cannot be told from its successor any more.
      if (isLost && attempt.knownId === undefined) return;
      await sleep(backoff.nextMs(100), over.signal);
      if (over.signal.aborted) return;
    }
  }

  /** Ends what a start left behind whose answer was lost. Resolves with how many there were; -1 when nobody could say. */
  async stopLost(): Promise<number> {
    try {
      const lost = await this.#listed();
      await Promise.all(lost.map((egressId) => this.api.stop(egressId)));
      return lost.length;
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
