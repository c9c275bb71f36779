import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '../../libs/protocol/message.js';
import { TranscriptReady } from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { accessToken } from '../../libs/sandbox/demo/api-client.js';
import { messagesTo, messageTo } from '../room-messages.js';
import { ROOM, ServiceUnderTest, type SessionView } from './service-under-test.js';

const SECRET = 'a-secret-of-the-medium-tests-only';
const PLANTED = 1_000;
const word = (n: number): string => `planted-${n}-zebra`;

describe('erasure', () => {
  let folder: string;
  let world: ServiceUnderTest;
  let id: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'roomscribe-erasure-'));
    world = await ServiceUnderTest.start({ DATABASE_URL: `file:${join(folder, 'words.db')}` });
    ({ id } = await world.api.post<SessionView>('/sessions', { room: ROOM }));
    await world.api.post(`/sessions/${id}/live`);
  });
  afterEach(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  const says = (identity: string, n: number): void => {
    const speaker = { identity, name: `name of ${identity}`, trackSid: `TR_${identity}` };
    const segment = {
      ...{ segmentId: `${identity}-${n}`, revision: 1, final: true, text: word(n), language: 'en', speaker },
      ...{ candidates: [], confidence: 1, startMs: n, endMs: n + 1, words: [], source: 'server' as const },
    };
    world.service.app.get(EventBus, { strict: false }).publish(new TranscriptReady(id, segment));
  };
  const call = async (method: string, path: string, grant: object = { roomAdmin: true, room: ROOM }) => {
    const headers = { Authorization: `Bearer ${await accessToken('devkey', SECRET, grant)}` };
    return fetch(`${world.url}${path}`, { method, headers });
  };
  const statusOf = async (...args: Parameters<typeof call>): Promise<number> => (await call(...args)).status;
  const messages = async (): Promise<Message[]> =>
    (await (await call('GET', `/sessions/${id}/messages?limit=1000`)).json()) as Message[];
  /** How many planted words are in the files of the database. */
  const onDisk = (): number => {
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    return files.reduce((sum, text) => sum + (text.match(/planted-\d+-zebra/g)?.length ?? 0), 0);
  };
  const ends = async (): Promise<void> => {
    await world.api.post(`/sessions/${id}/end`);
    for (;;) if ((await world.api.get<SessionView>(`/sessions/${id}`)).status === 'ended') return;
  };

  it('of a session leaves none of a thousand words in the files, and answers as if it had never been', async () => {
    for (let n = 0; n < PLANTED; n++) says('alice', n);
    expect(await messages()).toHaveLength(1_000);
    expect(onDisk()).toBeGreaterThanOrEqual(PLANTED);
    expect(await statusOf('DELETE', `/sessions/${id}`)).toBe(409);
    await ends();
    expect(await statusOf('DELETE', `/sessions/${id}`, { roomJoin: true, room: ROOM })).toBe(403);
    expect(await statusOf('DELETE', `/sessions/${id}`, { roomAdmin: true, room: 'other' })).toBe(403);
    expect(await statusOf('DELETE', `/sessions/${id}`)).toBe(204);
    expect(await statusOf('DELETE', `/sessions/${id}`)).toBe(204);
    expect(onDisk()).toBe(0);
    for (const path of ['', '/transcript', '/transcript.vtt', '/messages', '/events'])
      expect([path, await statusOf('GET', `/sessions/${id}${path}`)]).toEqual([path, 404]);
    says('alice', 1);
    expect(await (await call('GET', '/sessions')).json()).toEqual([]);
    expect(onDisk()).toBe(0);
  });

  it('of a person takes their words from the files and from listeners, and leaves those of others', async () => {
    const listener = world.livekit.room(ROOM).join({ identity: 'listener' });
    for (let n = 0; n < PLANTED; n += 2) {
      says('alice', n);
      says('bob', n + 1);
    }
    const path = `/rooms/${ROOM}/people/alice`;
    expect(await statusOf('DELETE', path, { roomJoin: true, room: ROOM })).toBe(403);
    const response = await call('DELETE', path);
    expect([response.status, await response.json()]).toEqual([202, { segments: PLANTED / 2 }]);
    const left = await messages();
    expect(left.filter(({ type }) => type === 'transcript')).toHaveLength(PLANTED / 2);
    expect(JSON.stringify(left.filter(({ type }) => type === 'transcript'))).not.toContain('alice');
    const retracted = left.flatMap((message) => (message.type === 'retraction' ? message.segmentIds : []));
    expect(retracted).toHaveLength(PLANTED / 2);
    await messageTo(listener, (message): message is Message & { type: 'retraction' } => message.type === 'retraction');
    const retractions = messagesTo(listener).filter(({ type }) => type === 'retraction');
    expect(retractions.length).toBeGreaterThan(0);
    const text = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'latin1'))
      .join('');
    for (let n = 0; n < PLANTED; n += 2) expect(text.includes(word(n))).toBe(false);
    expect(text).toContain(word(1));
    says('alice', 0);
    expect((await messages()).filter(({ type }) => type === 'transcript')).toHaveLength(PLANTED / 2);
    expect(await (await call('DELETE', path)).json()).toEqual({ segments: 0 });
  });
});
