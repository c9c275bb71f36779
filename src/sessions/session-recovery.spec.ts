import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { InsightsReady, type SessionLive, TranscriptionStatusChanged } from '../events/domain-events.js';
import type { RecoveredMessages } from '../transcripts/message-journal.port.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { person } from './rooms.spec-kit.js';
import { SessionsUnderTest } from './sessions.spec-kit.js';

useVirtualTime();

describe('SessionRecovery', () => {
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

  const STREAMS = { TR_alice: { state: 'streaming' } };
  /** Kills the service and starts the next on the same database. */
  const restart = async (
    left: Partial<RecoveredMessages> = {},
    tracks: Record<string, Record<string, unknown>> = STREAMS,
  ): Promise<void> => {
    const { rooms } = world;
    const database = await world.die();
    world = await SessionsUnderTest.start(
      { AUTO_START: 'off', SESSION_RECONCILE_S: '0.2' },
      { database, left, rooms, tracks },
    );
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
    await world.store.touch([before.id], before.liveAtMs! + 20_000);
    await restart({ lastUtterance: 7, lastWordsMs: 18_500 });
    const [live, ...rest] = world.published as [SessionLive, ...object[]];
    expect(live).toMatchObject({ sessionId: before.id, liveAtUnixMs: before.liveAtMs, resumes: { lastUtterance: 7 } });
    expect(live).toMatchObject({ source: 'auto', options: { spoken: ['fr'] } });
    const names = ['ParticipantJoined', 'TrackPublished', 'TranscriptionStatusChanged'];
    expect(rest.map(({ constructor: { name } }) => name)).toEqual(names);
    expect(rest.at(-1)).toMatchObject({ sessionId: before.id, status: 'gap' });
    expect(world.sessions.find(before.id)?.roomSid).toBe(before.roomSid);
  });

  it.each([
    ['the last words', 19_000, 20_000, 19_000],
    ['the last moment that was certainly heard', 2_000, 20_000, 17_000],
  ])('lets the gap begin at %s', async (_, lastWordsMs, aliveMs, startMs) => {
    const before = await liveSession();
    await world.store.save({ ...before, liveAtMs: Date.now() - 60_000 });
    await world.store.touch([before.id], Date.now() - 60_000 + aliveMs);
    await restart({ lastWordsMs });
    const gap = world.published.find((fact) => fact instanceof TranscriptionStatusChanged);
    expect(Math.abs(gap!.span!.startMs - startMs)).toBeLessThan(1_000);
    expect(gap!.span!.endMs).toBeGreaterThanOrEqual(60_000);
  });

  const gaps = (): readonly TranscriptionStatusChanged[] =>
    world.published.filter((fact) => fact instanceof TranscriptionStatusChanged);
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await timePasses(10);
  };

  it('lets the gap end when the sound of who is there has come, once for all', async () => {
    const { liveAtMs = 0 } = await liveSession();
    world.rooms.people.get('standup')?.push(person('bob'));
    await restart({}, {});
    world.tracks.set('TR_alice', { state: 'streaming' });
    world.tracks.set('TR_bob', { state: 'streaming', frames: 0 });
    await timePasses(250);
    expect(gaps()).toEqual([]);
    const heardAtMs = Date.now();
    world.tracks.set('TR_bob', { state: 'streaming', frames: 1 });
    await until(() => gaps().length > 0);
    expect(gaps()).toHaveLength(1);
    expect(gaps()[0]!.span!.endMs).toBeGreaterThanOrEqual(heardAtMs - liveAtMs);
  });

  it('lets the gap begin where it did when it crashes again before anybody is heard', async () => {
    const before = await liveSession();
    await world.store.save({ ...before, liveAtMs: Date.now() - 60_000 });
    await world.store.touch([before.id], Date.now() - 50_000);
    await restart({}, {});
    await timePasses(1_100);
    await restart();
    await until(() => gaps().length > 0);
    expect(gaps()[0]!.span!.startMs).toBeLessThan(8_000);
  });

  it('notes a session as heard while nobody speaks, and not while what was said waits for words', async () => {
    await world.close();
    world = await SessionsUnderTest.start({ AUTO_START: 'off' });
    const { id } = await liveSession();
    const passes = async (ms: number): Promise<void> => {
      await jest.advanceTimersByTimeAsync(ms);
      await world.settled();
    };
    await passes(40_000);
    world.pendingSpeech.provide((sessionId) => (sessionId === id ? 38_000 : undefined));
    await passes(10_000);
    const { liveAtMs = 0, aliveAtMs = 0 } = (await world.store.find(id)) ?? {};
    expect(aliveAtMs - liveAtMs).toBeGreaterThanOrEqual(40_000);
    expect(aliveAtMs - liveAtMs).toBeLessThanOrEqual(41_000);
  });

  it('tells the gap before the end of a session that ends unheard', async () => {
    const { id } = await liveSession();
    await restart({}, {});
    world.sessions.end(world.sessions.find(id)!, 'api');
    expect(world.eventNames().slice(-2)).toEqual(['TranscriptionStatusChanged', 'SessionEnded']);
  });

  it('ends what was ending, in the same way', async () => {
    const { id } = await liveSession();
    world.sessions.end(world.sessions.find(id)!, 'api');
    await restart();
    expect(world.eventNames()).toEqual(['SessionLive', 'TranscriptionStatusChanged', 'SessionEnded']);
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
    expect(world.published).toEqual([]);
    expect(world.sessions.find(id)?.status).toBe('ended');
    expect((await world.store.find(id))?.status).toBe('ended');
  });

  it('ends a session whose room is gone by then', async () => {
    const { id } = await liveSession();
    world.rooms.finish('standup');
    await restart();
    expect(world.eventNames().at(-1)).toBe('SessionEnded');
    expect(world.sessions.find(id)?.record.endReason).toBe('room-finished');
  });

  it('leaves what was only created as it was', async () => {
    const { id } = world.sessions.create('later');
    await restart();
    expect(world.published).toEqual([]);
    expect(world.sessions.find(id)?.status).toBe('created');
  });
});
