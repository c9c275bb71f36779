import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { InsightsReady, type SessionLive, TranscriptionStatusChanged } from '../events/domain-events.js';
import type { LeftBehind } from '../records/message-journal.js';
import { person } from './rooms.spec-kit.js';
import { SessionsUnderTest } from './sessions.spec-kit.js';

describe('SessionRestart', () => {
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

  /** Kills the service and starts the next on the same database. */
  const restart = async (left: Partial<LeftBehind> = {}): Promise<void> => {
    const { rooms } = world;
    const database = await world.die();
    world = await SessionsUnderTest.start({ AUTO_START: 'off', SESSION_RECONCILE_S: '0.2' }, { database, left, rooms });
  };
  const liveSession = async () => {
    world.rooms.begin('standup', person('alice'));
    const session = world.sessions.create('standup', { spoken: ['fr'] }, 'auto');
    world.sessions.goLive(session);
    await world.webhook('participant_joined');
    return session.record;
  };

  it('puts live again what was live, on its own clock, and tells the gap and who is there', async () => {
    const before = await liveSession();
    await world.store.alive([before.id], before.liveAtMs! + 20_000);
    await restart({ lastUtterance: 7, lastWordsMs: 18_500 });
    const [live, gap, ...rest] = world.facts as [SessionLive, TranscriptionStatusChanged, ...object[]];
    expect(live).toMatchObject({ sessionId: before.id, liveAtUnixMs: before.liveAtMs, resumes: { lastUtterance: 7 } });
    expect(live).toMatchObject({ source: 'auto', options: { spoken: ['fr'] } });
    expect(gap).toMatchObject({ sessionId: before.id, status: 'gap' });
    expect(rest.map(({ constructor: { name } }) => name)).toEqual(['ParticipantJoined', 'TrackPublished']);
    expect(world.sessions.find(before.id)?.roomSid).toBe(before.roomSid);
  });

  it.each([
    ['the last words', 19_000, 20_000, 19_000],
    ['the last moment that was certainly heard', 2_000, 20_000, 17_000],
  ])('lets the gap begin at %s', async (_, lastWordsMs, aliveMs, startMs) => {
    const before = await liveSession();
    await world.store.save({ ...before, liveAtMs: Date.now() - 60_000 });
    await world.store.alive([before.id], Date.now() - 60_000 + aliveMs);
    await restart({ lastWordsMs });
    const gap = world.facts.find((fact) => fact instanceof TranscriptionStatusChanged);
    expect(Math.abs(gap!.span!.startMs - startMs)).toBeLessThan(1_000);
    expect(gap!.span!.endMs).toBeGreaterThanOrEqual(60_000);
  });

  it('ends what was ending, in the same way', async () => {
    const { id } = await liveSession();
    world.sessions.end(world.sessions.find(id)!, 'api');
    await restart();
    expect(world.factNames()).toEqual(['SessionLive', 'TranscriptionStatusChanged', 'SessionEnded']);
    world.deliverLastWords(id);
    await world.settled();
    expect(await world.store.find(id)).toMatchObject({ status: 'ended', endReason: 'api' });
  });

  it('still knows what was made of the words of a session that is over', async () => {
    const { id } = await liveSession();
    world.sessions.end(world.sessions.find(id)!, 'api');
    world.events.publish(new InsightsReady(id, { summary: 'Short.' }));
    world.deliverLastWords(id);
    world.events.publish(new InsightsReady(id, { summary: 'It was short.' }));
    await world.settled();
    await restart();
    expect(await world.sessions.insightsOf(world.sessions.find(id)!)).toEqual({ summary: 'It was short.' });
  });

  it('tells nothing more of a session whose last message was told', async () => {
    const { id } = await liveSession();
    await restart({ ended: true });
    expect(world.facts).toEqual([]);
    expect(world.sessions.find(id)?.status).toBe('ended');
    expect((await world.store.find(id))?.status).toBe('ended');
  });

  it('ends a session whose room is gone by then', async () => {
    const { id } = await liveSession();
    world.rooms.finish('standup');
    await restart();
    expect(world.factNames().at(-1)).toBe('SessionEnded');
    expect(world.sessions.find(id)?.record.endReason).toBe('room-finished');
  });

  it('leaves what was only created as it was', async () => {
    const { id } = world.sessions.create('later');
    await restart();
    expect(world.facts).toEqual([]);
    expect(world.sessions.find(id)?.status).toBe('created');
  });
});
