import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { person } from './rooms.spec-kit.js';
import { SessionsUnderTest } from './sessions.spec-kit.js';

describe('RoomReconciler', () => {
  let world: SessionsUnderTest;

  const statuses = (): string[] => world.sessions.list().map(({ status }) => status);

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    world = await SessionsUnderTest.start();
  });
  afterEach(async () => {
    await world.close();
    jest.restoreAllMocks();
  });

  it('begins with the room, looks at it at every webhook, and ends with it', async () => {
    world.rooms.begin('standup');
    await world.webhook('room_started');
    world.rooms.people.set('standup', [person('alice')]);
    await world.webhook('track_published');
    await world.webhook('track_published');
    world.rooms.people.set('standup', []);
    await world.webhook('participant_left');
    world.rooms.finish('standup');
    await world.webhook('room_finished');
    const facts = ['SessionLive', 'ParticipantJoined', 'TrackPublished', 'TrackUnpublished', 'SessionEnded'];
    expect(world.eventNames()).toEqual(facts);
  });

  it('believes the room, not the webhook', async () => {
    await world.webhook('room_started');
    expect(statuses()).toEqual([]);
    world.rooms.begin('standup', person('alice'));
    await world.webhook('room_started');
    await world.webhook('room_finished');
    expect(statuses()).toEqual(['live']);
  });

  it('picks a room up at any of its webhooks, when that of its beginning was lost', async () => {
    world.rooms.begin('standup', person('alice'));
    await world.webhook('track_published');
    expect(world.sessions.list()[0]?.roster.tracks).toHaveLength(1);
  });

  it('begins a new session with the room’s next life, whatever is told late of the last one', async () => {
    world.rooms.begin('standup', person('alice'));
    await world.webhook('room_started');
    world.rooms.begin('standup', person('bob'));
    await world.webhook('room_started');
    await world.webhook('room_finished');
    await world.webhook('room_started');
    expect(statuses()).toEqual(['ending', 'live']);
    expect(world.sessions.live()[0]?.roster.tracks.map(({ identity }) => identity)).toEqual(['bob']);
  });

  it('does not begin again what the API has ended, until the room begins again', async () => {
    world.rooms.begin('standup', person('alice'));
    await world.webhook('room_started');
    world.sessions.end(world.sessions.live()[0]!, 'api');
    await world.webhook('room_started');
    await world.webhook('participant_joined');
    expect(statuses()).toEqual(['ending']);
    world.rooms.begin('standup', person('alice'));
    await world.webhook('room_started');
    expect(statuses()).toEqual(['ending', 'live']);
  });

  it('remembers that over a restart', async () => {
    world.rooms.begin('standup', person('alice'));
    await world.webhook('room_started');
    const session = world.sessions.live()[0]!;
    world.sessions.end(session, 'api');
    world.deliverLastWords(session.id);
    const { rooms } = world;
    const database = await world.die();
    world = await SessionsUnderTest.start({}, { database, rooms });
    await world.webhook('participant_joined');
    expect(statuses()).toEqual(['ended']);
  });

  it('leaves alone what AUTO_START excludes, what the API made, and everything while draining', async () => {
    await world.close();
    world = await SessionsUnderTest.start({ AUTO_START: 'webhook:team-*' });
    const made = world.sessions.create('team-red');
    for (const name of ['standup', 'team-red', 'team-blue']) world.rooms.begin(name, person('alice'));
    await world.webhook('room_started', 'standup');
    await world.webhook('room_started', 'team-red');
    world.drain.begin();
    await world.webhook('room_started', 'team-blue');
    expect(world.sessions.list()).toEqual([made]);
    expect(made.status).toBe('created');
  });

  it('waits for the room of a session that was put live before it, and ends with it', async () => {
    await world.close();
    world = await SessionsUnderTest.start({ AUTO_START: 'off', SESSION_RECONCILE_S: '0.2' });
    const session = world.sessions.create('standup');
    world.sessions.goLive(session);
    await world.webhook('participant_joined');
    expect(session.status).toBe('live');
    const { sid } = world.rooms.begin('standup', person('alice'));
    while (session.roomSid !== sid) await world.settled();
    world.rooms.finish('standup');
    while (session.status === 'live') await world.settled();
    expect(world.eventNames().at(-1)).toBe('SessionEnded');
  });

  it('begins no session while the event loop is too busy, and all that still want one when it no longer is', async () => {
    world.rooms.begin('before', person('alice'));
    await world.webhook('room_started', 'before');
    world.overload.observe(1, 600_000);
    const late = Array.from({ length: 25 }, (_, n) => `late-${n}`);
    for (const room of late) {
      world.rooms.begin(room, person('alice'));
      await world.webhook('room_started', room);
    }
    await world.reconciler.reconcileAll();
    expect(world.sessions.live().map(({ room }) => room)).toEqual(['before']);
    world.rooms.begin('before', person('alice'));
    await world.webhook('room_started', 'before');
    expect(statuses()).toEqual(['ending', 'live']);

    world.rooms.finish('late-0');
    world.overload.observe(0, 600_000);
    const begun: number[] = [];
    for (let look = 0; look < 4; look++) {
      await world.reconciler.reconcileAll();
      begun.push(world.sessions.live().length - 1);
    }
    expect(begun).toEqual([10, 20, 24, 24]);
    expect(world.sessions.live().map(({ room }) => room)).not.toContain('late-0');
  });

  it('asks once for a thousand webhooks', async () => {
    world.rooms.begin('standup');
    const before = world.rooms.asked;
    await Promise.all(Array.from({ length: 1_000 }, () => world.webhook('room_started')));
    expect(world.rooms.asked - before).toBeLessThan(20);
    expect(statuses()).toEqual(['live']);
  });

  it('comes to the same roster by any order, doubling and loss of webhooks, within one look', async () => {
    const hints = ['room_started', 'participant_joined', 'track_published', 'participant_left', 'room_finished'];
    let seed = 1;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    for (let run = 0; run < 40; run++) {
      const room = `room-${run}`;
      const there = ['alice', 'bob', 'carol'].filter(() => random() < 0.6).map((identity) => person(identity));
      const told = Array.from({ length: Math.floor(random() * 12) }, () => hints[Math.floor(random() * hints.length)]!);
      for (const [index, hint] of told.entries()) {
        if (index === Math.floor(told.length / 2)) world.rooms.begin(room, ...there);
        await world.webhook(hint, room);
      }
      if (told.length === 0) world.rooms.begin(room, ...there);
      // What the service does by itself, every few seconds.
      await world.reconciler.reconcileAll();
      const [session, ...others] = world.sessions.live().filter((live) => live.room === room);
      await world.sessions.syncRoster(session!);
      expect(others).toEqual([]);
      expect(session!.roster.tracks.map(({ identity }) => identity)).toEqual(there.map(({ identity }) => identity));
    }
  });

  it('leaves everybody where they are while LiveKit’s API is away for a minute, and catches up', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] });
    try {
      await world.close();
      world = await SessionsUnderTest.start({ SESSION_RECONCILE_S: '8' });
      world.rooms.begin('standup', person('alice'));
      await world.webhook('room_started');
      world.rooms.down = true;
      world.rooms.people.set('standup', [person('bob')]);
      for (let second = 0; second < 60; second += 4) {
        jest.advanceTimersByTime(4_000);
        await world.webhook('participant_left');
      }
      expect(world.eventNames()).toEqual(['SessionLive', 'ParticipantJoined', 'TrackPublished']);
      expect(world.sessions.live()[0]?.roster.tracks.map(({ identity }) => identity)).toEqual(['alice']);
      world.rooms.down = false;
      for (let look = 0; look < 2; look += 1) {
        jest.advanceTimersByTime(8_000);
        await world.settled();
      }
      expect(world.sessions.live()[0]?.roster.tracks.map(({ identity }) => identity)).toEqual(['bob']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('transcribes whom a webhook announces before LiveKit’s list does, and looks again until both agree', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      world.rooms.begin('standup', person('alice'));
      await world.webhook('room_started');
      const bob = { sid: 'PA_bob', identity: 'bob', name: 'Bob', state: 'ACTIVE' };
      await world.webhook('participant_joined', 'standup', { participant: bob });
      const track = { sid: 'TR_bob', source: 'MICROPHONE', type: 'AUDIO' };
      await world.webhook('track_published', 'standup', { participant: { sid: 'PA_bob', identity: 'bob' }, track });
      const identities = (): string[] => world.sessions.live()[0]!.roster.tracks.map(({ identity }) => identity);
      expect(identities()).toEqual(['alice', 'bob']);
      const before = world.rooms.asked;
      for (const ms of [500, 1_000, 2_000, 4_000]) {
        jest.advanceTimersByTime(ms);
        await world.settled();
        expect(identities()).toEqual(['alice', 'bob']);
      }
      expect(world.rooms.asked - before).toBe(4);
      world.rooms.people.set('standup', [person('alice'), person('bob')]);
      await world.webhook('track_published', 'standup', { participant: { sid: 'PA_bob' }, track });
      await world.webhook('participant_left', 'standup', { participant: bob });
      expect(identities()).toEqual(['alice']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('goes on where LiveKit’s lists are empty once', async () => {
    const room = world.rooms.begin('standup', person('alice'));
    await world.webhook('room_started');
    world.rooms.finish('standup');
    await world.reconciler.reconcileAll();
    await world.settled();
    expect(statuses()).toEqual(['live']);
    expect(world.sessions.live()[0]?.roster.tracks).toHaveLength(1);
    world.rooms.resume(room, person('alice'));
    await world.reconciler.reconcileAll();
    await world.reconciler.reconcileAll();
    expect(statuses()).toEqual(['live']);
  });

  it('asks again soon for every room that a list lacks while people are in it', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      for (const name of ['standup', 'review']) {
        world.rooms.begin(name, person('alice'));
        await world.webhook('room_started', name);
      }
      for (const name of ['standup', 'review']) world.rooms.finish(name);
      await world.reconciler.reconcileAll();
      expect(statuses()).toEqual(['live', 'live']);
      jest.advanceTimersByTime(600);
      await world.settled();
      expect(statuses()).toEqual(['ending', 'ending']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps one session where LiveKit names a room under two SIDs, or under the former one', async () => {
    const former = world.rooms.begin('standup', person('alice'));
    await world.webhook('room_started');
    const next = world.rooms.begin('standup', person('alice'));
    await world.reconciler.reconcileAll();
    expect(statuses()).toEqual(['ending', 'live']);
    const open = jest.spyOn(world.rooms, 'open');
    for (const listed of [[next, former], [former, next], [former], [next]]) {
      open.mockResolvedValue(listed);
      await world.reconciler.reconcileAll();
      await world.settled();
    }
    expect(statuses()).toEqual(['ending', 'live']);
    expect(world.sessions.live()[0]?.roomSid).toBe(next.sid);
  });
});
