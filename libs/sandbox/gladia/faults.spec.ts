import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadRecordings } from '../recordings/catalogue.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { malformedMessages } from './faults.js';
import { startGladiaSandbox, type GladiaSandbox } from './gladia-sandbox.js';
import type { AckMode, FinalMode } from './options.js';
import { call, create, TestSocket } from './sandbox-client.spec-kit.js';

useVirtualTime();

const recording = loadRecordings().find(({ id }) => id === 'bob-6')!;
const everything = {
  endpointing: 0.3,
  messages_config: { receive_partial_transcripts: true, receive_lifecycle_events: true },
};

let sandbox: GladiaSandbox;
beforeEach(async () => {
  sandbox = await startGladiaSandbox({ finalDelayMs: 20, postDelayMs: 20, ackDelayMs: 5 });
});
afterEach(async () => {
  await sandbox.close();
});

const connect = async (): Promise<TestSocket> => await TestSocket.open((await create(sandbox, everything)).url);
const control = async (path: string, body?: object): Promise<Response> =>
  await call(sandbox, body ? 'POST' : 'GET', `/__sandbox/${path}`, body);

async function talk(socket: TestSocket): Promise<void> {
  socket.sendAudio(recording.samples);
  socket.stop();
  await socket.until('end_recording');
}

describe('HTTP faults', () => {
  it('are injected once each, in their order', async () => {
    sandbox.faults.posts.push(
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 502, body: '<html>' },
      'reset',
    );
    const first = await call(sandbox, 'POST', '/v2/live', {});
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await first.json()).toMatchObject({ statusCode: 429, path: '/v2/live' });
    const second = await call(sandbox, 'POST', '/v2/live', {});
    expect([second.status, second.headers.get('content-type'), await second.text()]).toEqual([
      502,
      'text/html',
      '<html>',
    ]);
    await expect(call(sandbox, 'POST', '/v2/live', {})).rejects.toThrow('fetch failed');
    expect((await call(sandbox, 'POST', '/v2/live', {})).status).toBe(201);
    expect(sandbox.sessions()).toHaveLength(1);
  });

  it('may answer 201 with a body that helps nobody, or never', async () => {
    sandbox.faults.posts.push({ status: 201, body: { id: 'x' } }, 'hang');
    expect(await (await call(sandbox, 'POST', '/v2/live', {})).json()).toEqual({ id: 'x' });
    const patience = AbortSignal.timeout(100);
    const hanging = fetch(`${sandbox.url}/v2/live`, { method: 'POST', signal: patience });
    await expect(hanging).rejects.toThrow('timeout');
  });

  it('are injected into the result and the deletion', async () => {
    sandbox.faults.gets.push({ status: 404 });
    sandbox.faults.deletes.push({ status: 403 });
    const socket = await connect();
    socket.stop();
    await socket.closed;
    const path = `/v2/live/${sandbox.sessions()[0]?.id ?? ''}`;
    const statuses = [await call(sandbox, 'GET', path), await call(sandbox, 'GET', path)];
    expect(statuses.map((response) => response.status)).toEqual([404, 200]);
    const deletions = [await call(sandbox, 'DELETE', path), await call(sandbox, 'DELETE', path)];
    expect(deletions.map((response) => response.status)).toEqual([403, 202]);
  });
});

describe('socket faults', () => {
  it('refuse the upgrade, then let it through', async () => {
    sandbox.faults.upgrades.push(503, 'reset');
    const { url } = await create(sandbox);
    expect(await new TestSocket(url).closed).toBe(1006);
    expect(await new TestSocket(url).closed).toBe(1006);
    (await TestSocket.open(url)).drop();
  });

  it.each([1011, 4500, 4403, 4408, 4429, 1000, 1001, 1008, 1009])(
    'close with %i right after the upgrade',
    async (code) => {
      sandbox.faults.sockets.push({ then: { close: code } });
      expect(await (await connect()).closed).toBe(code);
    },
  );

  it.each(['reset', 'fin'] as const)('cut the connection (%s) after some bytes', async (then) => {
    sandbox.faults.sockets.push({ afterBytes: 16_000, then });
    const socket = await connect();
    socket.sendAudio(recording.samples);
    expect(await socket.closed).toBe(1006);
    expect(sandbox.sessions()[0]).toMatchObject({ isDetached: true, state: 'recording' });
  });

  it('leave a socket open that neither reads nor writes', async () => {
    sandbox.faults.sockets.push({ afterBytes: 3_200, then: 'silence' });
    const socket = await connect();
    socket.send(Buffer.alloc(3_200));
    while (sandbox.sessions()[0]?.sockets[0]?.receivedBytes !== 3_200) await control('sessions');
    const acknowledged = socket.of('audio_chunk').length;
    socket.send(Buffer.alloc(3_200));
    await control('sessions');
    expect(socket.of('audio_chunk')).toHaveLength(acknowledged);
    expect(sandbox.sessions()[0]?.sockets[0]?.receivedBytes).toBe(3_200);
  });
});

/** `data` is null with some faults, whatever the type says. */
const rangeOf = ({ acknowledged, data }: { acknowledged?: boolean; data: { byte_range: unknown } | null }): unknown =>
  acknowledged ? (data === null ? null : data.byte_range) : 'refused';

describe('acknowledgments', () => {
  const acksIn = async (ackMode: AckMode, chunks: number, acks: number): Promise<unknown[]> => {
    sandbox.options.ackMode = ackMode;
    const socket = await connect();
    for (let i = 0; i < chunks; i++) socket.send(Buffer.alloc(100));
    await socket.until('audio_chunk', acks);
    const received = socket.of('audio_chunk').map((ack) => rangeOf(ack));
    socket.drop();
    return received;
  };

  it.each<[AckMode, number, unknown[]]>([
    ['coalesce', 5, [[0, 500]]],
    [
      'outOfOrder',
      2,
      [
        [100, 200],
        [0, 100],
      ],
    ],
    [
      'duplicate',
      1,
      [
        [0, 100],
        [0, 100],
      ],
    ],
    ['negative', 1, [[0, -100]]],
    ['beyond', 1, [[0, 10_000_100]]],
    ['nullData', 1, [null]],
    ['refused', 1, ['refused']],
  ])('%s', async (mode, chunks, expected) => {
    expect(await acksIn(mode, chunks, expected.length)).toEqual(expected);
  });

  it('count the last byte in with inclusive ranges, and may be left out', async () => {
    sandbox.options.rangeMode = 'inclusive';
    expect(await acksIn('perChunk', 1, 1)).toEqual([[0, 99]]);
    sandbox.options.ackMode = 'none';
    const socket = await connect();
    await talk(socket);
    expect(socket.of('audio_chunk')).toEqual([]);
  });
});

describe('transcripts', () => {
  const text = ` ${recording.text}`;

  it.each<[FinalMode, string[]]>([
    ['never', []],
    ['twice', [text, text]],
    ['changed', [text, `${text} indeed`]],
    ['empty', ['']],
    ['withoutWords', [text]],
    ['beforePartials', [text]],
  ])('finals: %s', async (finals, expected) => {
    sandbox.options.finals = finals;
    const socket = await connect();
    await talk(socket);
    expect(socket.finals()).toEqual(expected);
    expect(socket.of('transcript').some(({ data }) => !data.is_final)).toBe(true);
  });

  it('come late to a client that was away, or not at all', async () => {
    for (const [detachedMessages, finals] of [
      ['queue', [text]],
      ['drop', []],
    ] as const) {
      sandbox.options.detachedMessages = detachedMessages;
      sandbox.options.finalDelayMs = 400;
      const { url } = await create(sandbox, everything);
      const first = await TestSocket.open(url);
      first.sendAudio(recording.samples);
      first.stop();
      await first.until('stop_recording');
      first.drop();
      sandbox.options.postDelayMs = 300;
      while (sandbox.sessions().at(-1)?.finals.length === 0) await control('sessions');
      sandbox.options.endedUpgrade = 'close4403';
      const second = await TestSocket.open(url);
      await second.closed;
      expect(second.finals()).toEqual(finals);
    }
  });
});

describe('the end', () => {
  it('hangs in post-processing', async () => {
    sandbox.options.post = 'hang';
    const socket = await connect();
    await talk(socket);
    expect(sandbox.sessions()[0]?.state).toBe('postProcessing');
    expect(socket.of('post_transcript')).toEqual([]);
  });

  it('comes without a close, or without end_session', async () => {
    sandbox.options.post = 'noClose';
    const open = await connect();
    await talk(open);
    await open.until('end_session');
    expect(sandbox.sessions()[0]?.sockets).toHaveLength(1);
    sandbox.options.post = 'noEndSession';
    const closed = await connect();
    await talk(closed);
    expect(await closed.closed).toBe(1000);
    expect(closed.of('end_session')).toEqual([]);
  });
});

describe('the control API', () => {
  it('turns knobs, plans faults and shows sessions', async () => {
    expect((await control('options', { ackMode: 'none' })).status).toBe(200);
    expect(sandbox.options.ackMode).toBe('none');
    expect((await control('options', { speed: 2 })).status).toBe(400);
    await control('faults', { posts: [{ status: 500 }] });
    expect((await call(sandbox, 'POST', '/v2/live', {})).status).toBe(500);
    const { id } = await create(sandbox);
    expect(await (await control('sessions')).json()).toMatchObject([{ id, state: 'created', keptBytes: 0 }]);
    expect(sandbox.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  it('sends anything through a socket, and closes it', async () => {
    const socket = await connect();
    const { id } = sandbox.sessions()[0]!;
    await control(`sessions/${id}/send`, { text: '{"type":"something_new"}' });
    await socket.until('something_new');
    await control(`sessions/${id}/close`, { code: 4500 });
    expect(await socket.closed).toBe(4500);
    expect(malformedMessages.length).toBeGreaterThan(10);
  });
});
