/** How a connection came to its end, or never came to be. */
export interface ConnectionEnd {
  /** The WebSocket close code; 1006 where there was none. */
  readonly code: number;
  /** The HTTP status of a refused upgrade. */
  readonly upgradeStatus?: number | undefined;
  /** How long the server asked to wait when it refused the upgrade; 0 where it did not. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * What to do next.
 * - `finished`: the session said all it had to say
 * - `resume`: the same URL again
 * - `replace`: the session is dead, ask for a new one
 * - `silent`: the session ended because nothing was heard, ask for a new one when somebody speaks
 * - `busy`: too many sessions, ask for a new one when there is room
 * - `refused`: the account may not, nothing helps
 */
export type Consequence = 'finished' | 'resume' | 'replace' | 'silent' | 'busy' | 'refused';

/** Gladia publishes no list of codes: 44xx and 45xx read like HTTP 4xx and 5xx, as its own SDK takes them. */
function consequenceOf(end: ConnectionEnd, stopSent: boolean): Consequence {
  if (end.upgradeStatus !== undefined) return end.upgradeStatus === 429 ? 'busy' : 'resume';
  if (end.code === 1000) return stopSent ? 'finished' : 'replace';
  if (end.code === 4401) return 'refused';
  if (end.code === 4429) return 'busy';
  // No sound, or no transcribable sound, for a while: over, though 4504 reads like a server's fault.
  if (end.code === 4408 || end.code === 4504) return 'silent';
  if (end.code >= 4400 && end.code < 4500) return 'replace';
  return 'resume';
}

const MOST_FAILURES = 4;
const MOST_REJECTIONS = 2;

/** Counts attempts on one URL, and gives the URL up when they lead nowhere. */
export class Attempts {
  #failures = 0;
  #rejections = 0;

  /** @param stable whether the connection had held for long enough to count as a success */
  judge(end: ConnectionEnd, stopSent: boolean, stable: boolean): Consequence {
    const consequence = consequenceOf(end, stopSent);
    const rejected = end.upgradeStatus !== undefined && end.upgradeStatus >= 400 && end.upgradeStatus < 500;
    this.#failures = stable ? 0 : this.#failures + 1;
    this.#rejections = rejected ? this.#rejections + 1 : 0;
    const givenUp = this.#failures >= MOST_FAILURES || this.#rejections >= MOST_REJECTIONS;
    return consequence === 'resume' && givenUp ? 'replace' : consequence;
  }
}
