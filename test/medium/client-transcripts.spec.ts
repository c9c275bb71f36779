import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import { loadRecordings } from '../../libs/sandbox/recordings/catalogue.js';
import { SystemClock } from '../../src/media/clock.js';
import type { FieldError } from '../../src/http/problem.js';
import { isEnd, isFinal, messagesTo, messageTo } from '../room-messages.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';

useVirtualTime();

const SECRET = 'a-secret-of-the-medium-tests-only';
const recording = (id: string) => loadRecordings().find((candidate) => candidate.id === id)!;

interface Answer {
  readonly status: number;
  readonly body: { readonly segmentId?: string; readonly status?: string; readonly errors?: readonly FieldError[] };
}

describe('hybrid mode', () => {
  let world: ServiceUnderTest;
  let id: string;

  const start = async (serverTranscription: string): Promise<void> => {
    world = await ServiceUnderTest.start({ SERVER_TRANSCRIPTION: serverTranscription, SESSION_RECONCILE_S: '0.3' });
    ({ id } = await world.api.post<{ id: string }>('/sessions', { room: ROOM, languages: ['en'] }));
    await world.api.post(`/sessions/${id}/live`);
  };
  afterEach(async () => {
    await world.close();
  });

  const tokenOf = async (identity: string, grant: VideoGrant = { roomJoin: true, room: ROOM }): Promise<string> => {
    const token = new AccessToken('devkey', SECRET, { identity, name: `${identity} by token` });
    token.addGrant(grant);
    return token.toJwt();
  };
  const post = async (token: string, body: object): Promise<Answer> => {
    const response = await fetch(`${world.url}/sessions/${id}/transcript`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  };
  const finalsTo = (reader: SandboxParticipant): TranscriptMessage[] =>
    messagesTo(reader)
      .filter(isFinal)
      .filter(({ text }) => text !== '');
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    for (let tries = 0; !(await isSo()); tries++) {
      if (tries === 200) throw new Error('it does not get there');
      await timePasses(50);
    }
  };
  const trackStreams = async (): Promise<void> =>
    until(async () => {
      const { tracks } = await world.api.get<{ tracks: { state?: string }[] }>(`/sessions/${id}`);
      return tracks.some(({ state }) => state === 'streaming');
    });
  const finalFrom = async (reader: SandboxParticipant, text: string): Promise<TranscriptMessage> =>
    messageTo(reader, (message): message is TranscriptMessage => isFinal(message) && message.text === text);

  it('takes who speaks from the token and the room, and passes the segment on in the shape of all others', async () => {
    await start('off');
    const alice = world.livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const { sid } = alice.publish();
    await world.api.post(`/sessions/${id}/live`);
    const token = await tokenOf('alice');
    await post(token, { final: false, text: 'Hel', segmentId: 'one' });
    await until(() => messagesTo(alice).some(({ type }) => type === 'transcript'));
    const answer = await post(token, {
      final: true,
      text: 'Hello\nthere.',
      segmentId: 'one',
      language: 'en-GB',
      confidence: 0.8,
    });
    expect(answer).toEqual({
      status: 202,
      body: { segmentId: expect.stringMatching(/^c\.[\w-]{16}\.one$/) as unknown, status: 'published' },
    });
    const final = await finalFrom(alice, 'Hello there.');
    expect(final).toMatchObject({
      segmentId: answer.body.segmentId,
      revision: 2,
      language: 'en',
      confidence: 0.8,
      source: 'client',
    });
    expect(final.endMs).toBeGreaterThan(final.startMs);
    world.livekit.room(ROOM).join({ identity: 'bob', name: 'Bob' });
    await post(await tokenOf('bob'), { final: true, text: 'And me.', segmentId: 'one' });
    const bobs = await finalFrom(alice, 'And me.');
    expect(bobs.segmentId).not.toBe(final.segmentId);
    expect(bobs.speaker).toEqual({ identity: 'bob', name: 'Bob', trackSid: '' });
    await until(async () => {
      await post(token, { final: true, text: 'In the room.' });
      return finalsTo(alice).at(-1)?.speaker?.trackSid === sid;
    });
    expect(finalsTo(alice).at(-1)?.speaker).toEqual({ identity: 'alice', name: 'Alice', trackSid: sid });
    expect(world.gladia.sessions()).toEqual([]);
  });

  it('refuses the wrong token, the wrong body, the wrong moment and the flood', async () => {
    await start('off');
    const alice = world.livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    world.livekit.room(ROOM).join({ identity: 'carol', name: 'Carol' });
    const token = await tokenOf('alice');
    const hello = { final: true, text: 'Hello' };
    expect((await post('none', hello)).status).toBe(401);
    expect((await post(await tokenOf('alice', { roomJoin: true, room: 'other' }), hello)).status).toBe(403);
    expect((await post(await tokenOf('alice', { roomAdmin: true, room: ROOM }), hello)).status).toBe(403);
    const watching = await tokenOf('alice', { roomJoin: true, room: ROOM, canPublish: false });
    expect((await post(watching, hello)).status).toBe(403);
    expect((await post(await tokenOf('stranger'), hello)).status).toBe(403);

    const wrong = await post(token, {
      final: 'yes',
      text: 'x'.repeat(4_001),
      identity: 'bob',
      segmentId: 'a b',
      confidence: 2,
    });
    expect(wrong.status).toBe(400);
    const problems = JSON.stringify(wrong.body.errors);
    for (const field of ['final', 'text', 'identity', 'segmentId', 'confidence']) expect(problems).toContain(field);
    const words = [{ text: 'Something', startMs: 0, endMs: 1 }];
    expect((await post(token, { ...hello, words })).body.errors).toEqual([
      { path: 'words', message: 'must be the words of text, in the same order' },
    ]);
    const unnamed = await post(token, { final: false, text: 'x' });
    expect(unnamed.body.errors).toEqual([{ path: 'segmentId', message: expect.stringContaining('is needed') }]);

    for (let i = 0; i < 2; i++) await post(token, { ...hello, segmentId: 'same' });
    expect(await post(token, { final: true, text: 'Changed', segmentId: 'same', revision: 9 })).toMatchObject({
      status: 202,
      body: { status: 'published' },
    });
    // However long these take, they come at once.
    const clock = jest.spyOn(SystemClock.prototype, 'monotonicMs').mockReturnValue(performance.now());
    const many = await Promise.all(
      Array.from({ length: 80 }, (_, i) => post(token, { final: true, text: `Number ${i}` })),
    );
    const long = { final: true, text: 'long '.repeat(800) };
    const longs = await Promise.all(Array.from({ length: 10 }, async () => post(await tokenOf('carol'), long)));
    clock.mockRestore();
    // By their characters, of which twenty thousand may come at once.
    expect(longs.filter(({ status }) => status === 202)).toHaveLength(5);
    expect(many.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect(many.filter(({ status }) => status === 202).length).toBeGreaterThan(20);

    await world.api.post(`/sessions/${id}/end`);
    await messageTo(alice, isEnd);
    expect((await post(token, hello)).status).toBe(409);
    const texts = finalsTo(alice).map(({ text }) => text);
    expect(texts.filter((text) => text === 'Hello')).toHaveLength(1);
    expect(texts).not.toContain('Changed');
  });

  it('shows no sentence twice, and loses none, where the server goes away and comes back', async () => {
    await start('on');
    const alice = world.livekit.room(ROOM).join({ identity: 'alice', name: 'Alice' });
    const microphone = alice.publish();
    const token = await tokenOf('alice');
    await trackStreams();
    const [covered, away, back] = ['alice-1', 'alice-2', 'alice-3'].map(recording);
    const say = async (what: typeof covered): Promise<Answer> => {
      await microphone.say(what!);
      return post(token, { final: true, text: what!.text.toLowerCase(), segmentId: what!.id });
    };

    expect((await say(covered)).body.status).toBe('held');
    await finalFrom(alice, covered!.text);

    const [session] = world.gladia.sessions();
    world.gladia.faults.upgrades.push(...Array.from({ length: 1_000 }, () => 503));
    for (const socket of world.gladia.socketsOf(session!.id)) socket.close(1011, 'fault');
    await messageTo(
      alice,
      (message): message is typeof message => message.type === 'status' && message.status === 'degraded',
    );
    expect((await say(away)).body.status).toBe('published');
    await finalFrom(alice, away!.text.toLowerCase());
    world.gladia.faults.upgrades.length = 0;

    await messageTo(
      alice,
      (message): message is typeof message => message.type === 'status' && message.status === 'recovered',
    );
    expect((await say(back)).body.status).toBe('held');
    await world.api.post(`/sessions/${id}/end`);
    await messageTo(alice, isEnd);
    const read = finalsTo(alice).map(({ source, text }) => `${source}: ${text.toLowerCase()}`);
    expect(read).toEqual([
      `server: ${covered!.text.toLowerCase()}`,
      `client: ${away!.text.toLowerCase()}`,
      `server: ${back!.text.toLowerCase()}`,
    ]);
  });
});
