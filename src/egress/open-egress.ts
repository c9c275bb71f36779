import { withTimeout } from '../async/with-timeout.js';
import { EgressApiError } from './egress-api.js';
import type { EgressAttempt } from './egress-attempt.js';
import { noSocketError } from './egress-reasons.js';

export interface OpenEgress {
  readonly attempt: EgressAttempt;
  /** The start call; it resolves with undefined when it was not made because `closing` came first. */
  readonly started: Promise<string | undefined>;
  readonly closing: AbortSignal;
  readonly withinMs: number;
}

/**
 * Resolves with true when the socket is open, or with whether there is something to end when it is closed meanwhile.
 * Egress may dial before LiveKit answers, and also where the answer never comes. @throws EgressApiError
 */
export async function socketOf({ attempt, started, closing, withinMs }: OpenEgress): Promise<boolean> {
  attempt.follow(started);
  const opened = attempt.opened.then(() => true);
  const begun = await Promise.race([opened, started.then((id) => id !== undefined)]);
  if (!begun) return false;
  const over = attempt.ended.then((end) => noSocketError(end));
  const outcome = await withTimeout(Promise.race([opened, over]), withinMs, noSocketError(), closing);
  if (outcome instanceof EgressApiError && !closing.aborted) throw outcome;
  return true;
}
