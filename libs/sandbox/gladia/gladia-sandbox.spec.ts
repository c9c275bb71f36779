import { afterEach, describe, expect, it } from '@jest/globals';
import { loadRecordings } from '../recordings/catalogue.js';
import { readWav } from '../recordings/wav.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { startGladiaSandbox, type GladiaSandbox } from './gladia-sandbox.js';
import type { GladiaSandboxOptions } from './options.js';
import { call, create, TestSocket } from './sandbox-client.spec-kit.js';

useVirtualTime();

const recordings = new Map(loadRecordings().map((recording) => [recording.id, recording]));
const textOf = (id: string): string => recordings.get(id)?.text ?? '';
const soundOf = (id: string): Int16Array => recordings.get(id)?.samples ?? new Int16Array();
const meeting = {
  endpointing: 0.3,
  maximum_duration_without_endpointing: 15,
  messages_config: { receive_partial_transcripts: true, receive_lifecycle_events: true },
};

let sandbox: GladiaSandbox;
const start = async (options: Partial<GladiaSandboxOptions> = {}): Promise<void> => {
  sandbox = await startGladiaSandbox({ finalDelayMs: 50, postDelayMs: 20, ...options });
};
afterEach(async () => {
  await sandbox.close();
});

describe('a session', () => {
  it('goes from the POST to the end, in order', async () => {
    await start();
    const { id, url } = await create(sandbox, meeting);
    expect(await (await call(sandbox, 'GET', `/v2/live/${id}`)).json()).toMatchObject({
      status: 'queued',
      result: null,
    });
    const socket = await TestSocket.open(url);
    socket.sendAudio(soundOf('alice-1'));
    socket.stop();
    expect(await socket.closed).toBe(1000);
    expect(socket.finals()).toEqual([` ${textOf('alice-1')}`]);
    const types = socket.received.map((message) => message.type).filter((type) => type !== 'audio_chunk');
    expect(types.filter((type) => type !== 'transcript')).toEqual([
      'start_recording',
      'speech_start',
      'stop_recording',
      'speech_end',
      'end_recording',
      'post_transcript',
      'post_final_transcript',
      'end_session',
    ]);
    const result = (await (await call(sandbox, 'GET', `/v2/live/${id}`)).json()) as { status: string; result: object };
    expect(result).toMatchObject({ status: 'done', result: { transcription: { full_transcript: textOf('alice-1') } } });
  });

  it('sends nothing that was not asked for', async () => {
    await start();
    const socket = await TestSocket.open((await create(sandbox)).url);
    socket.sendAudio(soundOf('bob-6'));
    socket.stop();
    await socket.closed;
    const types = new Set(socket.received.map((message) => message.type));
    expect(types).not.toContain('start_recording');
    expect(types).not.toContain('end_session');
    expect(socket.of('transcript').every(({ data }) => data.is_final)).toBe(true);
  });

  it('acknowledges each chunk with its bytes and seconds, binary or base64', async () => {
    await start();
    const socket = await TestSocket.open((await create(sandbox)).url);
    socket.send(Buffer.alloc(3_200));
    socket.send({ type: 'audio_chunk', data: { chunk: Buffer.alloc(1_600).toString('base64') } });
    socket.send(Buffer.alloc(3));
    await socket.until('audio_chunk', 3);
    const [refused, first, second] = socket.of('audio_chunk');
    expect(refused).toMatchObject({ acknowledged: false, data: null });
    expect(first?.data).toMatchObject({ byte_range: [0, 3_200], time_range: [0, 0.1] });
    expect(second?.data).toMatchObject({ byte_range: [3_200, 4_800], time_range: [0.1, 0.15] });
    socket.drop();
  });

  it('keeps exactly the bytes it received, and can be deleted when it is done', async () => {
    await start();
    const { id, url } = await create(sandbox);
    const socket = await TestSocket.open(url);
    socket.sendAudio(soundOf('carol-1'));
    expect((await call(sandbox, 'DELETE', `/v2/live/${id}`)).status).toBe(403);
    socket.stop();
    await socket.closed;
    const file = Buffer.from(await (await call(sandbox, 'GET', `/v2/live/${id}/file`)).arrayBuffer());
    expect(readWav(file)).toEqual({ sampleRateHz: 16_000, channels: 1, samples: soundOf('carol-1') });
    expect((await call(sandbox, 'DELETE', `/v2/live/${id}`)).status).toBe(202);
    expect((await call(sandbox, 'GET', `/v2/live/${id}`)).status).toBe(404);
  });

  it('recognises each channel by itself', async () => {
    await start();
    const { url } = await create(sandbox, { ...meeting, channels: 2 });
    const [left, right] = [soundOf('alice-2'), soundOf('carol-2')];
    const both = Int16Array.from({ length: left.length * 2 }, (_, i) => (i % 2 ? (right[i >> 1] ?? 0) : left[i >> 1]!));
    const socket = await TestSocket.open(url);
    socket.sendAudio(both, 6_400);
    socket.stop();
    await socket.closed;
    const finals = socket.of('transcript').filter(({ data }) => data.is_final);
    expect(
      finals.map(({ data }) => [data.utterance.channel, data.id, data.utterance.language, data.utterance.text]),
    ).toEqual([
      [0, '00_00000000', 'en', ` ${textOf('alice-2')}`],
      [1, '01_00000000', 'fr', ` ${textOf('carol-2')}`],
    ]);
  });

  it('understands 48 kHz', async () => {
    await start();
    const { url } = await create(sandbox, { ...meeting, sample_rate: 48_000 });
    const sound = soundOf('bob-2');
    const tripled = Int16Array.from({ length: sound.length * 3 }, (_, i) => {
      const [from, to] = [sound[Math.floor(i / 3)]!, sound[Math.floor(i / 3) + 1] ?? 0];
      return from + ((to - from) * (i % 3)) / 3;
    });
    const socket = await TestSocket.open(url);
    socket.sendAudio(tripled, 9_600);
    socket.stop();
    await socket.closed;
    expect(socket.finals()).toEqual([` ${textOf('bob-2')}`]);
  });

  it('is processed in the background after a close with 1000', async () => {
    await start();
    const { id, url } = await create(sandbox, meeting);
    const socket = await TestSocket.open(url);
    socket.sendAudio(soundOf('bob-5'));
    await socket.until('audio_chunk', 10);
    socket.close(1000);
    await socket.closed;
    while (sandbox.sessions()[0]?.state !== 'done') await call(sandbox, 'GET', `/v2/live/${id}`);
    expect(sandbox.sessions()[0]?.finals.map((final) => final.text)).toEqual([` ${textOf('bob-5')}`]);
  });
});

describe('a second socket on the same URL', () => {
  it('goes on where the first one was lost, in the middle of a sentence', async () => {
    await start();
    const { url } = await create(sandbox, meeting);
    const sound = soundOf('alice-4');
    const first = await TestSocket.open(url);
    first.sendAudio(sound.subarray(0, 16_000));
    await first.until('audio_chunk', 10);
    first.drop();
    await first.closed;
    const second = await TestSocket.open(url);
    second.sendAudio(sound.subarray(16_000));
    await second.until('audio_chunk');
    expect(second.of('audio_chunk')[0]?.data.byte_range).toEqual([32_000, 35_200]);
    second.stop();
    expect(await second.closed).toBe(1000);
    expect(second.finals()).toEqual([` ${textOf('alice-4')}`]);
  });

  it.each([
    ['received', 6_400],
    ['acked', 0],
    ['reset', 0],
  ] as const)('with resumeOffset %s begins at byte %i after lost acknowledgments', async (resumeOffset, offset) => {
    await start({ resumeOffset, ackDelayMs: 500 });
    const { url } = await create(sandbox);
    const first = await TestSocket.open(url);
    first.sendAudio(new Int16Array(3_200));
    while (sandbox.sessions()[0]?.sockets[0]?.receivedBytes !== 6_400) await call(sandbox, 'GET', '/v2/live');
    first.drop();
    await first.closed;
    while (sandbox.sessions()[0]?.isDetached !== true) await call(sandbox, 'GET', '/v2/live');
    sandbox.options.ackDelayMs = 0;
    const second = await TestSocket.open(url);
    second.send(Buffer.alloc(3_200));
    await second.until('audio_chunk');
    expect(second.of('audio_chunk')[0]?.data.byte_range[0]).toBe(offset);
    second.drop();
  });

  it.each([
    ['replace', 'first'],
    ['reject', 'second'],
  ] as const)('while one is open: %s closes the %s', async (secondSocket, loser) => {
    await start({ secondSocket });
    const { url } = await create(sandbox);
    const first = await TestSocket.open(url);
    const second = await TestSocket.open(url);
    expect(await { first, second }[loser].closed).toBe(4409);
    first.drop();
    second.drop();
  });
});

describe('limits', () => {
  it('ends an idle session with 4408, and admits nobody after that', async () => {
    await start({ idleMs: 100 });
    const { url } = await create(sandbox);
    const socket = await TestSocket.open(url);
    expect(await socket.closed).toBe(4408);
    while (sandbox.sessions()[0]?.state !== 'done') await call(sandbox, 'GET', '/v2/live');
    const late = await TestSocket.open(url);
    expect(await late.closed).toBe(4403);
  });

  it('closes with 1009 above the frame limit, and 403 for an unknown token', async () => {
    await start({ frameLimitBytes: 1_000 });
    const { url } = await create(sandbox);
    const socket = await TestSocket.open(url);
    socket.send(Buffer.alloc(1_002));
    expect(await socket.closed).toBe(1009);
    const stranger = new TestSocket(url.replace(/token=.*/, 'token=unknown'));
    expect(await stranger.closed).toBe(1006);
  });

  it('gives 429 while the key holds its sessions', async () => {
    await start({ maxSessions: 1, retryAfter: 7 });
    const { url } = await create(sandbox);
    const refused = await call(sandbox, 'POST', '/v2/live', {});
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    const socket = await TestSocket.open(url);
    socket.stop();
    await socket.closed;
    expect((await call(sandbox, 'POST', '/v2/live', {})).status).toBe(201);
  });
});
