/** How a connection ended, or why it could not be opened. */
export interface ConnectionEnd {
  /** The WebSocket close code; 1006 where there was none. */
  readonly code: number;
  /** The HTTP status of a refused upgrade. */
  readonly upgradeStatus?: number | undefined;
  /** How long the server asked us to wait when it refused the upgrade; 0 where it did not say. */
  readonly retryAfterMs?: number | undefined;
  /** What broke the connection, or kept it from being made; absent where it was closed in order. */
  readonly error?: Error | undefined;
}

/**
 * What follows from the end of a connection.
 * - `finished`: the session is complete
 * - `resume`: connect to the same URL again
 * - `replace`: the session is dead, create a new one
 * - `silent`: the session ended for lack of speech, create a new one when somebody speaks
 * - `busy`: too many sessions, create a new one when there is room
 * - `refused`: the account is not allowed to, nothing helps
 */
export type Consequence = 'finished' | 'resume' | 'replace' | 'silent' | 'busy' | 'refused';

/** Gladia publishes no list of close codes: 44xx and 45xx are read like HTTP 4xx and 5xx, as its own SDK does. */
function consequenceOf(end: ConnectionEnd, stopSent: boolean): Consequence {
  if (end.upgradeStatus !== undefined) return end.upgradeStatus === 429 ? 'busy' : 'resume';
  if (end.code === 1000) return stopSent ? 'finished' : 'replace';
  if (end.code === 4401) return 'refused';
  if (end.code === 4429) return 'busy';
  // No audio, or no speech in it, for a while: the session is over, although 4504 looks like a server error.
  if (end.code === 4408 || end.code === 4504) return 'silent';
  if (end.code >= 4400 && end.code < 4500) return 'replace';
  return 'resume';
}

const MAX_FAILURES = 4;
const MAX_REJECTIONS = 2;

/** Counts the connections to one URL, and gives the URL up when they keep failing. */
export class Attempts {
  #failures = 0;
  #rejections = 0;

  /** @param stable whether the connection lasted long enough to count as a success */
  judge(end: ConnectionEnd, stopSent: boolean, stable: boolean): Consequence {
    const consequence = consequenceOf(end, stopSent);
    const rejected = end.upgradeStatus !== undefined && end.upgradeStatus >= 400 && end.upgradeStatus < 500;
    this.#failures = stable ? 0 : this.#failures + 1;
    this.#rejections = rejected ? this.#rejections + 1 : 0;
    const givenUp = this.#failures >= MAX_FAILURES || this.#rejections >= MAX_REJECTIONS;
    return consequence === 'resume' && givenUp ? 'replace' : consequence;
  }
}
