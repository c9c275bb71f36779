import type { GladiaApi } from './gladia-api.js';
import { GladiaError } from './gladia-error.js';
import type { GladiaTimings } from './gladia-settings.js';
import type { GladiaUtterance } from './gladia-utterance.js';
import { pause } from './pause.js';

/**
 * What Gladia kept of a session, asked for until it has finished it or the time is up; then it is nothing. A session that
 * has just ended may be unknown, pending or answered with an error for a while.
 */
export async function pollResult(
  api: Pick<GladiaApi, 'result'>,
  id: string,
  timings: Pick<GladiaTimings, 'pollEveryMs'>,
  signal: AbortSignal,
): Promise<readonly GladiaUtterance[]> {
  while (!signal.aborted) {
    try {
      const result = await api.result(id, signal);
      if (result.status !== 'pending') return result.utterances;
    } catch (error) {
      if (!(error instanceof GladiaError) || error.status === 401 || error.status === 403) return [];
    }
    await pause(timings.pollEveryMs, signal);
  }
  return [];
}
