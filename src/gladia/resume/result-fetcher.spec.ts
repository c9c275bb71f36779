import { describe, expect, it } from '@jest/globals';
import { NO_RESULT, type SessionResult } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import { ResultFetcher } from './result-fetcher.js';
import { settingsFor } from '../stream.spec-kit.js';
import { useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

const DONE: SessionResult = { status: 'done', utterances: [], translations: [], summary: '' };

describe('the results of sessions', () => {
  const asking = (answer: (nth: number) => SessionResult | GladiaError, giveUpAfterMs = 60_000) => {
    const askedAtMs: number[] = [];
    const api = {
      result: () => {
        askedAtMs.push(performance.now());
        const given = answer(askedAtMs.length - 1);
        return given instanceof GladiaError ? Promise.reject(given) : Promise.resolve(given);
      },
    };
    const polling = { giveUpAfterMs, backoff: { baseMs: 2, capMs: 80 } };
    return { askedAtMs, results: new ResultFetcher(api, settingsFor('http://127.0.0.1', {}, { polling })) };
  };

  it('are asked for ever less often while Gladia is away', async () => {
    const { askedAtMs, results } = asking((nth) => {
      if (nth === 7) results.close();
      return new GladiaError('unavailable', 'away');
    });
    expect(await results.read('one')).toBe(NO_RESULT);
    expect(askedAtMs).toHaveLength(8);
    expect(askedAtMs[6]! - askedAtMs[5]!).toBeGreaterThanOrEqual(30);
    expect(askedAtMs[7]! - askedAtMs[6]!).toBeGreaterThanOrEqual(38);
  });

  it('are given up after a while', async () => {
    const { askedAtMs, results } = asking(() => new GladiaError('unavailable', 'away'), 150);
    expect(await results.read('one')).toBe(NO_RESULT);
    expect(askedAtMs.length).toBeGreaterThan(0);
    expect(askedAtMs.length).toBeLessThan(12);
  });

  it('are not asked for before Gladia wants to be asked again', async () => {
    const { askedAtMs, results } = asking((nth) => (nth === 0 ? new GladiaError('busy', 'busy', 429, 150) : DONE));
    expect(await results.read('one')).toBe(DONE);
    expect(askedAtMs[1]! - askedAtMs[0]!).toBeGreaterThanOrEqual(148);
  });
});
