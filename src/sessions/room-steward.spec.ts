import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { person } from './rooms.spec-kit.js';
import { SessionsUnderTest } from './sessions.spec-kit.js';

describe('RoomSteward', () => {
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
    expect(world.factNames()).toEqual(facts);
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
    const room = await world.rooms.open();
    const database = await world.die();
    world = await SessionsUnderTest.start({}, { database });
    jest.spyOn(world.rooms, 'open').mockResolvedValue(room);
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
    expect(world.factNames().at(-1)).toBe('SessionEnded');
  });

  it('asks once for a thousand webhooks', async () => {
    world.rooms.begin('standup');
    const before = world.rooms.asked;
    await Promise.all(Array.from({ length: 1_000 }, () => world.webhook('room_started')));
    expect(world.rooms.asked - before).toBeLessThan(20);
    expect(statuses()).toEqual(['live']);
  });
});
