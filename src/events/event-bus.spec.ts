import { Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ParticipantJoined, TrackUnpublished } from './domain-events.js';
import { EventBus } from './event-bus.js';

describe('EventBus', () => {
  let bus: EventBus;
  const reported: string[] = [];

  beforeEach(() => {
    bus = new EventBus(new EventEmitter2());
    reported.length = 0;
    jest.spyOn(Logger.prototype, 'error').mockImplementation((message: unknown) => void reported.push(String(message)));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('brings a fact to every listener of its class, in order, and to no other', () => {
    const heard: string[] = [];
    bus.on(ParticipantJoined, (fact) => void heard.push(`first ${fact.identity}`));
    bus.on(ParticipantJoined, (fact) => void heard.push(`second ${fact.identity}`));
    bus.on(TrackUnpublished, () => void heard.push('wrong'));
    bus.publish(new ParticipantJoined('s', 'alice', 'Alice'));
    expect(heard).toEqual(['first alice', 'second alice']);
  });

  it('reports a listener that throws or rejects, without what it said, and goes on with the next', async () => {
    const heard: string[] = [];
    bus.on(ParticipantJoined, () => {
      throw new TypeError('Alice said hello');
    });
    bus.on(ParticipantJoined, () => Promise.reject(new RangeError('Alice said hello')));
    bus.on(ParticipantJoined, () => void heard.push('still here'));
    bus.publish(new ParticipantJoined('s', 'alice', 'Alice'));
    await new Promise(setImmediate);
    expect(heard).toEqual(['still here']);
    expect(reported).toEqual([
      'a listener of ParticipantJoined failed: TypeError',
      'a listener of ParticipantJoined failed: RangeError',
    ]);
  });

  it('stops listening when told', () => {
    const heard: string[] = [];
    const off = bus.on(TrackUnpublished, (fact) => void heard.push(fact.trackSid));
    off();
    bus.publish(new TrackUnpublished('s', 'TR_1'));
    expect(heard).toEqual([]);
  });
});
