import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import { AttendanceChanged } from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { AttendanceStore } from '../../src/sessions/attendance-store.js';
import { SessionStore } from '../../src/sessions/session-store.js';
import { ROOM, ServiceUnderTest, type SessionView } from './service-under-test.js';

const SECRET = 'a-secret-of-the-medium-tests-only';
const JOIN = { roomJoin: true, room: ROOM };

const tokenOf = async (grant: VideoGrant | undefined, identity = '', ttl: number | string = 3_600): Promise<string> => {
  const token = new AccessToken('devkey', SECRET, { ...(identity !== '' && { identity }), ttl });
  if (grant !== undefined) token.addGrant(grant);
  return token.toJwt();
};

describe('who reads what was said', () => {
  let world: ServiceUnderTest;
  let id: string;
  const people = new Map<string, SandboxParticipant>();

  const start = async (variables: Readonly<Record<string, string>> = {}): Promise<void> => {
    world = await ServiceUnderTest.start(variables);
    for (const identity of ['alice', 'bob', 'mallory'])
      people.set(identity, world.livekit.room(ROOM).join({ identity, name: identity }));
    ({ id } = await world.api.post<SessionView>('/sessions', { room: ROOM }));
    await world.api.post(`/sessions/${id}/live`);
  };
  beforeEach(() => start());
  afterEach(() => world.close());

  const status = async (path: string, token: string, method = 'GET'): Promise<number> => {
    const response = await fetch(`${world.url}${path}`, { method, headers: { Authorization: `Bearer ${token}` } });
    await response.body?.cancel();
    return response.status;
  };
  /** Each way to what was said. */
  const reads = async (token: string, sessionId = id): Promise<number[]> => [
    await status(`/sessions/${sessionId}/transcript`, token),
    await status(`/sessions/${sessionId}/transcript.vtt`, token),
    await status(`/sessions/${sessionId}/messages`, token),
    await status(`/sessions/${sessionId}/events/ticket`, token, 'POST'),
    await status(`/sessions/${sessionId}/events`, token, 'HEAD'),
  ];
  const ALL = [200, 200, 200, 201, 200];
  const NONE = [403, 403, 403, 403, 403];
  /** Resolves when the service has noticed that somebody is gone. */
  const gone = (identity: string): Promise<void> =>
    new Promise((resolve) => {
      world.service.app.get(EventBus, { strict: false }).on(AttendanceChanged, ({ visits }) => {
        if (visits.some((visit) => visit.identity === identity && visit.leftAtUnixMs !== undefined)) resolve();
      });
    });
  const leaves = async (identity: string): Promise<void> => {
    const isGone = gone(identity);
    people.get(identity)!.leave();
    await isGone;
  };
  const removes = async (identity: string): Promise<void> => {
    const isGone = gone(identity);
    world.livekit.room(ROOM).remove(identity);
    await isGone;
  };

  it.each<[string, VideoGrant | undefined, string, number[], number]>([
    ['roomAdmin on the room', { roomAdmin: true, room: ROOM }, '', ALL, 200],
    ['roomJoin, present', JOIN, 'alice', ALL, 200],
    ['roomJoin, without publishing', { ...JOIN, canPublish: false, canPublishData: false }, 'alice', ALL, 200],
    ['a display: { room, canSubscribe: true }', { room: ROOM, canSubscribe: true }, '', ALL, 200],
    ['roomJoin, never there', JOIN, 'stranger', NONE, 200],
    ['roomJoin, canSubscribe: false', { ...JOIN, canSubscribe: false }, 'alice', NONE, 200],
    ['roomCreate alone', { roomCreate: true }, 'alice', NONE, 200],
    ['roomCreate and another room', { roomCreate: true, roomJoin: true, room: 'other' }, 'alice', NONE, 200],
    ['roomJoin on another room', { roomJoin: true, room: 'other' }, 'alice', NONE, 403],
    ['roomAdmin on another room', { roomAdmin: true, room: 'other' }, 'alice', NONE, 403],
    ['a display of another room', { room: 'other', canSubscribe: true }, '', NONE, 403],
    ['roomList', { roomList: true }, 'alice', NONE, 403],
    ['roomRecord', { roomRecord: true, room: ROOM }, 'alice', NONE, 403],
    ['a room alone', { room: ROOM }, 'alice', NONE, 403],
    ['no video grant', undefined, 'alice', NONE, 403],
  ])('%s', async (_, grant, identity, expected, view) => {
    const token = await tokenOf(grant, identity);
    expect(await reads(token)).toEqual(expected);
    expect(await status(`/sessions/${id}`, token)).toBe(view);
  });

  it('lets who has left read on, and nobody who was removed', async () => {
    await leaves('bob');
    await removes('mallory');
    expect(await reads(await tokenOf(JOIN, 'bob'))).toEqual(ALL);
    expect(await reads(await tokenOf(JOIN, 'mallory'))).toEqual(NONE);
  });

  it('ends a stream when its token expires, and when its reader is removed from the room', async () => {
    const open = (token: string): Promise<Response> =>
      fetch(`${world.url}/sessions/${id}/events`, { headers: { Authorization: `Bearer ${token}` } });
    const expires = text((await open(await tokenOf(JOIN, 'alice', 2))).body!);
    const removed = text((await open(await tokenOf(JOIN, 'mallory'))).body!);
    await removes('mallory');
    expect(await removed).toMatch(/event: close\ndata: {"code":"forbidden",.*}\n\n$/);
    expect(await expires).toMatch(/event: close\ndata: {"code":"unauthorized",.*}\n\n$/);
  });

  it('opens one stream with a ticket, for EventSource', async () => {
    const token = await tokenOf(JOIN, 'alice');
    const response = await fetch(`${world.url}/sessions/${id}/events/ticket`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
    });
    const { ticket, expiresAt } = (await response.json()) as { readonly ticket: string; readonly expiresAt: string };
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - 60_000)).toBeLessThan(5_000);
    const open = async (): Promise<number> => {
      const stream = await fetch(`${world.url}/sessions/${id}/events?ticket=${ticket}`);
      await stream.body?.cancel();
      return stream.status;
    };
    expect([await open(), await open()]).toEqual([200, 401]);
  });

  it('lets sixteen streams of one person in, and one more not', async () => {
    const token = await tokenOf(JOIN, 'alice');
    const abort = new AbortController();
    const open = (): Promise<Response> =>
      fetch(`${world.url}/sessions/${id}/events`, {
        headers: { Authorization: `Bearer ${token}` },
        signal: abort.signal,
      });
    const streams = await Promise.all(Array.from({ length: 16 }, open));
    expect(streams.map((stream) => stream.status)).toEqual(streams.map(() => 200));
    const refused = await open();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await status(`/sessions/${id}/events`, await tokenOf(JOIN, 'bob'), 'HEAD')).toBe(200);
    abort.abort();
  });

  it('closes a session of the past to those who were in it long ago', async () => {
    const app = world.service.app;
    const past = { room: ROOM, status: 'ended', source: 'egress', options: { spoken: [], translateTo: [] } } as const;
    const store = app.get(SessionStore, { strict: false });
    const attendance = app.get(AttendanceStore, { strict: false });
    const now = Date.now();
    for (const [sessionId, endedAtMs] of [
      ['recent', now - 60_000],
      ['old', now - 3_700_000],
    ] as const) {
      await store.save({ ...past, id: sessionId, createdAtMs: 1, endedAtMs });
      await attendance.save(sessionId, { identity: 'alice' });
      await attendance.save(sessionId, { identity: 'mallory', leftAtUnixMs: endedAtMs, removed: true });
    }
    const ended = [200, 200, 200, 201, 204];
    expect(await reads(await tokenOf(JOIN, 'alice'), 'recent')).toEqual(ended);
    expect(await reads(await tokenOf(JOIN, 'mallory'), 'recent')).toEqual(NONE);
    expect(await reads(await tokenOf(JOIN, 'bob'), 'recent')).toEqual(NONE);
    expect(await reads(await tokenOf(JOIN, 'alice'), 'old')).toEqual(NONE);
    expect(await reads(await tokenOf({ room: ROOM, canSubscribe: true }), 'recent')).toEqual(ended);
    expect(await reads(await tokenOf({ room: ROOM, canSubscribe: true }), 'old')).toEqual(NONE);
    expect(await reads(await tokenOf({ roomAdmin: true, room: ROOM }), 'old')).toEqual(ended);
  });

  it('opens earlier sessions to who may join, where the operator says so', async () => {
    await world.close();
    await start({ READ_EARLIER_SESSIONS: 'on' });
    const past = { room: ROOM, status: 'ended', source: 'egress', options: { spoken: [], translateTo: [] } } as const;
    await world.service.app
      .get(SessionStore, { strict: false })
      .save({ ...past, id: 'old', createdAtMs: 1, endedAtMs: 2 });
    expect(await reads(await tokenOf(JOIN, 'stranger'), 'old')).toEqual([200, 200, 200, 201, 204]);
    expect(await reads(await tokenOf({ ...JOIN, canSubscribe: false }, 'alice'), 'old')).toEqual(NONE);
    expect(await reads(await tokenOf(JOIN, 'stranger'))).toEqual(NONE);
  });

  it('starts sessions by roomRecord alone, where the operator says so', async () => {
    await world.close();
    await start({ REQUIRE_ROOM_RECORD: 'on', AUTO_START: 'webhook' }).catch(() => undefined);
    const start_ = async (grant: VideoGrant): Promise<number> => {
      const token = await tokenOf(grant);
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
      const body = JSON.stringify({ room: 'record' });
      return (await fetch(`${world.url}/sessions`, { method: 'POST', headers, body })).status;
    };
    expect(await start_({ roomAdmin: true, room: 'record' })).toBe(403);
    expect(await start_({ roomAdmin: true, roomRecord: true, room: 'record' })).toBe(201);
    expect(await start_({ roomRecord: true, room: 'record' })).toBe(403);
  });
});

describe('CAPTION_PAGE_TOKEN', () => {
  it.each<[string, VideoGrant]>([
    ['joins', { room: ROOM, roomJoin: true, canSubscribe: true }],
    ['administers', { room: ROOM, roomAdmin: true, canSubscribe: true }],
    ['creates', { room: ROOM, roomCreate: true, canSubscribe: true }],
    ['lists', { room: ROOM, roomList: true, canSubscribe: true }],
    ['records', { room: ROOM, roomRecord: true, canSubscribe: true }],
    ['has no room', { canSubscribe: true }],
  ])('is refused at start if it %s', async (_, grant) => {
    const token = await tokenOf(grant, 'display');
    await expect(ServiceUnderTest.start({ CAPTION_PAGE_TOKEN: token })).rejects.toThrow(
      'CAPTION_PAGE_TOKEN may do more than read',
    );
  });

  it.each(['no.token', 'x'])('is refused at start if it is no token of ours: %s', async (token) => {
    await expect(ServiceUnderTest.start({ CAPTION_PAGE_TOKEN: token })).rejects.toThrow('is not signed with');
  });
});
