import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { EventBus } from '../events/event-bus.js';
import type { TrackState } from '../media/track-state.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { ServerCoverage } from './server-coverage.js';
import { SessionParticipants } from './session-participants.js';

describe('ServerCoverage', () => {
  let troubles: SessionProblems;
  let coverage: ServerCoverage;

  beforeEach(() => {
    const people = new SessionParticipants();
    const states = new SessionStates();
    troubles = new SessionProblems(new EventBus(new EventEmitter2()));
    people.published('alice', 'Alice', 'TR_a');
    people.published('bob', 'Bob', 'TR_b');
    const tracks = new Map<string, TrackState>([
      ['TR_a', { state: 'streaming' }],
      ['TR_b', { state: 'failed' }],
    ]);
    states.provide({ track: (_, trackSid) => ({ source: 'egress', reception: tracks.get(trackSid) }) });
    coverage = new ServerCoverage('s', people, states, troubles);
  });

  const covered = (): boolean[] => [coverage.covers('alice'), coverage.covers('bob'), coverage.covers('nobody')];

  it('covers a participant who is transcribed', () => {
    expect(covered()).toEqual([true, false, false]);
  });

  it('covers a participant who is transcribed also where another cannot be', () => {
    troubles.begin('s', 'no-source', 'Somebody is not heard.');
    troubles.begin('s', 'egress-api', 'Others have to wait.');
    expect(covered()).toEqual([true, false, false]);
  });

  it('covers nobody while the transcription is interrupted, whatever else has recovered', () => {
    troubles.begin('s', 'speech-to-text', 'Interrupted.');
    troubles.begin('s', 'egress-api', 'Others have to wait.');
    troubles.end('s', 'egress-api', 'They need not.');
    expect(covered()).toEqual([false, false, false]);
    troubles.end('s', 'speech-to-text', 'Back.');
    expect(covered()).toEqual([true, false, false]);
  });
});
