import { describe, expect, it } from '@jest/globals';
import { Attendance } from './attendance.js';

const NOBODY = new Set<string>();
const people = (...identities: string[]) => identities.map((identity) => ({ identity }));

describe('Attendance', () => {
  it('returns each change once', () => {
    const attendance = new Attendance(1_000);
    expect(attendance.update(people('alice', 'bob'), NOBODY, 0)).toEqual(people('alice', 'bob'));
    expect(attendance.update(people('alice', 'bob'), NOBODY, 10)).toEqual([]);
    expect(attendance.update(people('bob'), NOBODY, 20)).toEqual([{ identity: 'alice', leftAtUnixMs: 20 }]);
    expect(attendance.find('alice')).toEqual({ identity: 'alice', leftAtUnixMs: 20 });
    expect(attendance.update(people('alice'), new Set(['bob']), 30)).toEqual([
      { identity: 'alice' },
      { identity: 'bob', leftAtUnixMs: 30, removed: true },
    ]);
    expect(attendance.find('alice')).toEqual({ identity: 'alice' });
  });

  it('does not count who is hidden', () => {
    const attendance = new Attendance(1_000);
    expect(attendance.update([{ identity: 'ghost', hidden: true }], NOBODY, 0)).toEqual([]);
    expect(attendance.find('ghost')).toBeUndefined();
  });

  it('forgets who left long ago, and nobody who is there', () => {
    const attendance = new Attendance(1_000);
    attendance.update(people('alice', 'bob'), NOBODY, 0);
    attendance.update(people('bob'), NOBODY, 1);
    attendance.update(people('bob'), NOBODY, 1_001);
    expect(attendance.find('alice')).toBeDefined();
    attendance.update(people('bob'), NOBODY, 1_002);
    expect([attendance.find('alice'), attendance.find('bob')]).toEqual([undefined, { identity: 'bob' }]);
  });
});
