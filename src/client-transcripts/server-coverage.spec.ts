import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { EventBus } from '../events/event-bus.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { ServerCoverage } from './server-coverage.js';
import { SessionParticipants } from './session-participants.js';

describe('ServerCoverage', () => {
  let troubles: SessionProblems;
  let coverage: ServerCoverage;

  beforeEach(() => {
    const people = new SessionParticipants();
    const reports = new SessionReports();
    troubles = new SessionProblems(new EventBus(new EventEmitter2()));
    people.published('alice', 'Alice', 'TR_a');
    people.published('bob', 'Bob', 'TR_b');
    const tracks = new Map([
      ['TR_a', { state: 'streaming' }],
      ['TR_b', { state: 'failed' }],
    ]);
    reports.add(() => ({ tracks }));
    coverage = new ServerCoverage('s', people, reports, troubles);
  });

  const covered = (): boolean[] => [coverage.covers('alice'), coverage.covers('bob'), coverage.covers('nobody')];

  it('covers who is heard', () => {
    expect(covered()).toEqual([true, false, false]);
  });

  it('covers who is heard also where somebody else cannot be', () => {
    troubles.begin('s', 'no-source', 'Somebody is not heard.');
    troubles.begin('s', 'egress-api', 'Others have to wait.');
    expect([covered(), coverage.isWell]).toEqual([[true, false, false], true]);
  });

  it('covers nobody while nothing becomes words, whatever else has recovered', () => {
    troubles.begin('s', 'speech-to-text', 'Interrupted.');
    troubles.begin('s', 'egress-api', 'Others have to wait.');
    troubles.end('s', 'egress-api', 'They need not.');
    expect([covered(), coverage.isWell]).toEqual([[false, false, false], false]);
    troubles.end('s', 'speech-to-text', 'Back.');
    expect(covered()).toEqual([true, false, false]);
  });
});
