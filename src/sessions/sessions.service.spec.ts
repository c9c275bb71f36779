import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  ParticipantRenamed,
  AudioStopped,
  TrackPublished,
  TranscriptionStatusChanged,
} from '../events/domain-events.js';
import { EncryptedTracks } from './encrypted-tracks.js';
import { person } from './rooms.spec-kit.js';
import { SessionProblems } from './session-problems.port.js';
import { SessionsUnderTest } from './sessions.spec-kit.js';

describe('SessionsService', () => {
  let world: SessionsUnderTest;

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    world = await SessionsUnderTest.start({ AUTO_START: 'off' });
  });
  afterEach(async () => {
    await world.close();
    jest.restoreAllMocks();
  });

  it('goes live once, and tells who is there and what they publish', async () => {
    world.rooms.begin('standup', person('alice'));
    const session = world.sessions.create('standup');
    expect(session.status).toBe('created');
    world.sessions.goLive(session);
    world.sessions.goLive(session);
    await world.settled();
    expect(world.eventNames()).toEqual(['SessionLive', 'ParticipantJoined', 'TrackPublished']);
    expect(session.status).toBe('live');
  });

  it('tells of what kind each track is', async () => {
    await world.close();
    const variables = { AUTO_START: 'off', TRANSCRIBE_SOURCES: 'microphone,screen_share_audio' };
    world = await SessionsUnderTest.start(variables);
    const audioTracks = (['microphone', 'screen_share_audio'] as const).map((source) => ({
      ...{ sid: `TR_${source}`, source, muted: false },
    }));
    world.rooms.begin('standup', person('alice', { audioTracks }));
    world.sessions.goLive(world.sessions.create('standup'));
    await world.settled();
    const published = world.published.filter((fact) => fact instanceof TrackPublished);
    expect(published.map(({ trackSid, kind }) => [trackSid, kind])).toEqual([
      ['TR_microphone', 'microphone'],
      ['TR_screen_share_audio', 'screen_share_audio'],
    ]);
  });

  it('has one session for a room until that is over', () => {
    const { sessions } = world;
    const session = sessions.create('standup');
    expect(sessions.create('standup')).toBe(session);
    sessions.goLive(session);
    sessions.end(session, 'api');
    expect(sessions.create('standup')).not.toBe(session);
  });

  it('ends at once what never was live, and after its last words what was', () => {
    const { sessions } = world;
    const idle = sessions.create('idle');
    sessions.end(idle, 'api');
    expect(idle.status).toBe('ended');
    const session = sessions.create('standup');
    sessions.goLive(session);
    sessions.end(session, 'api');
    sessions.end(session, 'api');
    expect(session.status).toBe('ending');
    world.deliverLastWords(session.id);
    expect(session.status).toBe('ended');
    expect(world.eventNames().filter((fact) => fact === 'SessionEnded')).toHaveLength(1);
  });

  it('ends what nobody makes live within an hour, so that its room is free', () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(1_000);
    const session = world.sessions.create('standup');
    now.mockReturnValue(3_600_000);
    world.sessions.endExpired();
    expect(session.status).toBe('created');
    now.mockReturnValue(3_602_000);
    world.sessions.endExpired();
    expect([session.status, session.record.endReason]).toEqual(['ended', 'expired']);
    expect(world.sessions.create('standup')).not.toBe(session);
  });

  it('forgets all but the last thousand that ended, whether they were live or not', () => {
    for (let n = 0; n < 1_100; n++) world.sessions.end(world.sessions.create(`room-${n}`), 'api');
    expect(world.sessions.list()).toHaveLength(1_000);
  });

  it('tells a new name, once', async () => {
    world.rooms.begin('standup', person('alice', { name: 'Alice' }));
    const session = world.sessions.create('standup');
    world.sessions.goLive(session);
    await world.settled();
    world.rooms.people.set('standup', [person('alice', { name: 'Alice B.' })]);
    await world.sessions.syncRoster(session);
    await world.sessions.syncRoster(session);
    const renamed = world.published.filter((fact) => fact instanceof ParticipantRenamed);
    expect(renamed).toEqual([new ParticipantRenamed(session.id, 'alice', 'Alice B.')]);
    expect(session.roster.tracks[0]?.name).toBe('Alice B.');
  });

  it('looks at the room when sound stops coming from it, while the session is live', async () => {
    world.rooms.begin('standup', person('alice'));
    const session = world.sessions.create('standup');
    world.sessions.goLive(session);
    await world.settled();
    world.rooms.people.set('standup', []);
    for (let look = 0; look < 2; look += 1) {
      world.events.publish(new AudioStopped(session.id));
      await world.settled();
    }
    expect(world.eventNames().at(-1)).toBe('TrackUnpublished');
    const { asked } = world.rooms;
    world.sessions.end(session, 'api');
    world.events.publish(new AudioStopped(session.id));
    await world.settled();
    expect(world.rooms.asked).toBe(asked);
  });

  it('on shutdown ends every session and waits for the last words', async () => {
    const session = world.sessions.create('standup');
    world.sessions.goLive(session);
    const down = world.sessions.onModuleDestroy();
    expect(world.drain.draining).toBe(true);
    expect(session.status).toBe('ending');
    world.deliverLastWords(session.id);
    await down;
    expect(session.status).toBe('ended');
  });

  it('finds what ended long ago in the database', async () => {
    const record = world.sessions.create('old').record;
    await world.store.save({ ...record, id: 'long-ago', status: 'ended', endedAtMs: 1, endReason: 'api' });
    expect(world.sessions.find('long-ago')).toBeUndefined();
    expect((await world.sessions.lookUp('long-ago'))?.status).toBe('ended');
    expect(await world.sessions.lookUp('never')).toBeUndefined();
  });

  it('says once that the room is encrypted, and when it is not any more', async () => {
    const encrypted = person('alice', {
      audioTracks: [{ sid: 'TR_a', source: 'microphone', muted: false, encrypted: true }],
    });
    new EncryptedTracks(world.events, new SessionProblems(world.events)).onModuleInit();
    world.rooms.begin('standup', encrypted);
    const session = world.sessions.create('standup');
    world.sessions.goLive(session);
    await world.settled();
    await world.sessions.syncRoster(session);
    const statuses = (): unknown[] =>
      world.published.flatMap((event) =>
        event instanceof TranscriptionStatusChanged ? [[event.status, event.code]] : [],
      );
    expect(statuses()).toEqual([['degraded', 'encrypted']]);
    expect(session.roster.tracks).toEqual([]);
    world.rooms.people.set('standup', [person('alice', { sid: 'PA_2' })]);
    await world.sessions.syncRoster(session);
    expect(statuses()).toEqual([
      ['degraded', 'encrypted'],
      ['recovered', 'recovered'],
    ]);
  });
});
