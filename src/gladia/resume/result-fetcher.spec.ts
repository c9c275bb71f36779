import { describe, expect, it } from '@jest/globals';
import { NO_RESULT, type SessionResult } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import { ResultFetcher } from './result-fetcher.js';
import { settingsFor } from '../stream.spec-kit.js';
import { useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const DONE: SessionResult = { status: 'done', utterances: [], translations: [], summary: '' };

describe('ResultFetcher: the results of sessions', () => {
  const fetching = (answer: (nth: number) => SessionResult | GladiaError, giveUpAfterMs = 60_000) => {
    const fetchedAtMs: number[] = [];
    const api = {
      result: () => {
        fetchedAtMs.push(performance.now());
        const given = answer(fetchedAtMs.length - 1);
        return given instanceof GladiaError ? Promise.reject(given) : Promise.resolve(given);
      },
    };
    const polling = { giveUpAfterMs, backoff: { baseMs: 2, capMs: 80 } };
    return { fetchedAtMs, results: new ResultFetcher(api, settingsFor('http://127.0.0.1', {}, { polling })) };
  };

  it('are fetched less and less often while Gladia is away', async () => {
    const { fetchedAtMs, results } = fetching((nth) => {
      if (nth === 7) results.close();
      return new GladiaError('unavailable', 'away');
    });
    expect(await results.fetch('one')).toBe(NO_RESULT);
    expect(fetchedAtMs).toHaveLength(8);
    expect(fetchedAtMs[6]! - fetchedAtMs[5]!).toBeGreaterThanOrEqual(30);
    expect(fetchedAtMs[7]! - fetchedAtMs[6]!).toBeGreaterThanOrEqual(38);
  });

  it('are given up after a while', async () => {
    const { fetchedAtMs, results } = fetching(() => new GladiaError('unavailable', 'away'), 150);
    expect(await results.fetch('one')).toBe(NO_RESULT);
    expect(fetchedAtMs.length).toBeGreaterThan(0);
    expect(fetchedAtMs.length).toBeLessThan(12);
  });

  it('are not fetched again before the time that Gladia asks for', async () => {
    const { fetchedAtMs, results } = fetching((nth) => (nth === 0 ? new GladiaError('busy', 'busy', 429, 150) : DONE));
    expect(await results.fetch('one')).toBe(DONE);
    expect(fetchedAtMs[1]! - fetchedAtMs[0]!).toBeGreaterThanOrEqual(148);
  });
});
