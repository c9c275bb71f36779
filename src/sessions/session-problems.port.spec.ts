import { beforeEach, describe, expect, it } from '@jest/globals';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { SessionProblems } from './session-problems.port.js';

describe('SessionProblems', () => {
  let events: EventBus;
  let troubles: SessionProblems;
  let told: string[];

  beforeEach(() => {
    events = new EventBus(new EventEmitter2());
    troubles = new SessionProblems(events);
    troubles.onModuleInit();
    told = [];
    events.on(TranscriptionStatusChanged, ({ status, sentence }) => void told.push(`${status}: ${sentence}`));
  });

  it('says that all is well only when the last cause is over', () => {
    troubles.begin('s', 'speech-to-text', 'Interrupted.');
    troubles.begin('s', 'egress-api', 'No Egress.');
    troubles.end('s', 'speech-to-text', 'Back.');
    expect(told).toEqual(['degraded: Interrupted.', 'degraded: No Egress.']);
    troubles.end('s', 'egress-api', 'Egress again.');
    expect(told.slice(2)).toEqual(['recovered: Egress again.']);
  });

  it('says what is left when what was said last is over', () => {
    troubles.begin('s', 'speech-to-text', 'Interrupted.');
    troubles.begin('s', 'egress-api', 'No Egress.');
    troubles.end('s', 'egress-api', 'Egress again.');
    expect(told.slice(2)).toEqual(['degraded: Interrupted.']);
  });

  it('says the same of a cause once, and something else at once', () => {
    for (const sentence of ['Interrupted.', 'Interrupted.', 'Waiting.'])
      troubles.begin('s', 'speech-to-text', sentence);
    expect(told).toEqual(['degraded: Interrupted.', 'degraded: Waiting.']);
  });

  it('says nothing of the end of what never began, nor of another session', () => {
    troubles.begin('s', 'egress-api', 'No Egress.');
    troubles.end('s', 'no-source', 'All are heard.');
    troubles.end('t', 'egress-api', 'Egress again.');
    expect(told).toEqual(['degraded: No Egress.']);
    expect([troubles.has('s', 'egress-api'), troubles.has('t', 'egress-api')]).toEqual([true, false]);
  });

  it('does not let the beginning hide what else is wrong', () => {
    troubles.begin('s', 'egress-api', 'No Egress.');
    troubles.begin('s', 'speech-to-text', 'Waiting.');
    troubles.started('s', 'On.');
    expect(told.slice(2)).toEqual(['live: On.', 'degraded: No Egress.']);
    expect(troubles.has('s', 'speech-to-text')).toBe(false);
  });

  it('forgets a session that has ended', () => {
    troubles.begin('s', 'egress-api', 'No Egress.');
    events.publish(new TranscriptionStatusChanged('s', 'ended', 'Over.'));
    troubles.end('s', 'egress-api', 'Egress again.');
    expect(told).toEqual(['degraded: No Egress.', 'ended: Over.']);
  });
});
