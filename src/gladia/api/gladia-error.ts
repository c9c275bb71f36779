import { retryAfterMs } from '../../async/retry-after.js';

/**
 * Why a request to Gladia failed.
 * - `refused`: key, plan, rights or request are wrong; a retry does not help
 * - `busy`: too many sessions or requests at once
 * - `unavailable`: the network, a server error, or an invalid answer
 */
export type GladiaErrorKind = 'refused' | 'busy' | 'unavailable';

/** A failed request to Gladia. Its reason is safe to show: it depends on the status alone, never on the server's text. */
export class GladiaError extends Error {
  override readonly name = 'GladiaError';

  constructor(
    readonly kind: GladiaErrorKind,
    readonly reason: string,
    readonly status?: number,
    /** How long the server asks us to wait before a retry; 0 where it does not say. */
    readonly retryAfterMs = 0,
    /** The fields of the request that Gladia found invalid, in its words. */
    readonly problems: readonly string[] = [],
    /** Why nothing was answered, where the network is to blame. */
    readonly networkError?: unknown,
  ) {
    super(reason);
  }

  /** @param networkError what `fetch` rejected with */
  static unreachable(reason: string, networkError: unknown): GladiaError {
    return new GladiaError('unavailable', reason, undefined, 0, [], networkError);
  }
}

const REFUSALS: Record<number, string> = {
  400: 'Gladia does not accept the settings',
  401: 'Gladia does not accept the API key',
  402: 'the Gladia plan or quota does not allow it',
  403: 'the Gladia key may not use this feature or region',
  404: 'there is no Gladia live API at this address',
  422: 'Gladia does not accept the settings',
};

/** @param retryAfter the header of that name: seconds, or an HTTP date */
export function errorOfStatus(status: number, retryAfter: string | null, problems: readonly string[]): GladiaError {
  if (status === 429) {
    return new GladiaError('busy', 'Gladia has no free session for this account', status, retryAfterMs(retryAfter));
  }
  const refusal = REFUSALS[status];
  if (refusal !== undefined) return new GladiaError('refused', refusal, status, 0, problems);
  return new GladiaError('unavailable', `Gladia answered with status ${status}`, status, retryAfterMs(retryAfter));
}
