import { describe, expect, it } from '@jest/globals';
import { Attempts } from './close-codes.js';

/** What follows from the first end of a connection. */
const consequenceOf = (end: { code: number }, stopSent: boolean) => new Attempts().judge(end, stopSent, false);

describe('a close code', () => {
  it.each([
    [[1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1011, 1012, 1015, 3008, 4000, 4399, 4500, 4599], 'resume'],
    [[4400, 4403, 4409, 4499], 'replace'],
    [[4408, 4504], 'silent'],
    [[4429], 'busy'],
    [[4401], 'refused'],
  ])('of %j means: %s', (codes, consequence) => {
    for (const code of codes) expect([code, consequenceOf({ code }, false)]).toEqual([code, consequence]);
  });

  it('takes 1000 for the end only after stop_recording', () => {
    expect(consequenceOf({ code: 1000 }, true)).toBe('finished');
    expect(consequenceOf({ code: 1000 }, false)).toBe('replace');
  });
});

describe('Attempts', () => {
  it('gives a URL up after four failures in a row', () => {
    const attempts = new Attempts();
    const judge = (stable: boolean) => attempts.judge({ code: 1006 }, false, stable);
    expect([false, false, true, false, false, false, false].map(judge)).toEqual([
      ...Array<string>(6).fill('resume'),
      'replace',
    ]);
  });

  it('gives a URL up after two upgrades refused with 4xx, not with 5xx', () => {
    const attempts = new Attempts();
    const judge = (upgradeStatus: number) => attempts.judge({ code: 1006, upgradeStatus }, false, false);
    expect([403, 503, 404, 403].map(judge).slice(0, 3)).toEqual(['resume', 'resume', 'resume']);
    expect(new Attempts().judge({ code: 1006, upgradeStatus: 429 }, false, false)).toBe('busy');
    const again = new Attempts();
    again.judge({ code: 1006, upgradeStatus: 403 }, false, false);
    expect(again.judge({ code: 1006, upgradeStatus: 403 }, false, false)).toBe('replace');
  });
});
