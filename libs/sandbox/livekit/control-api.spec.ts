import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataPacket_Kind, EgressClient, RoomServiceClient } from 'livekit-server-sdk';
import { startLiveKitSandbox, type LiveKitSandbox } from './livekit-sandbox.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';

useVirtualTime();

const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';
const HELLO = {
  id: 'hello',
  speaker: 'alice',
  language: 'en',
  text: 'Hello',
  words: [],
  samples: new Int16Array(16 * 40).fill(500),
};

describe('the control API of the sandbox', () => {
  let sandbox: LiveKitSandbox;

  beforeEach(async () => {
    sandbox = await startLiveKitSandbox({ apiKey: KEY, apiSecret: SECRET, webhookUrls: [], recordings: [HELLO] });
  });
  afterEach(() => sandbox.close());

  const call = (method: string, path: string, body?: string | Buffer): Promise<Response> =>
    fetch(`${sandbox.url}/__sandbox/${path}`, { method, ...(body !== undefined && { body }) });
  const post = async (path: string, body: object = {}): Promise<{ sid?: string }> =>
    (await call('POST', path, JSON.stringify(body))).json() as Promise<{ sid?: string }>;

  it('drives a visit from another process', async () => {
    await post('rooms/team%20a/participants', { identity: 'alice', name: 'Alice' });
    const { sid = '' } = await post('rooms/team%20a/participants/alice/tracks', { source: 'screen_share_audio' });
    const [track] = sandbox.room('team a').tracks();
    expect(track).toMatchObject({ sid, source: 'screen_share_audio' });

    expect((await call('POST', `tracks/${sid}/say?recording=hello`)).status).toBe(200);
    expect((await call('POST', `tracks/${sid}/say`, Buffer.alloc(32 * 20))).status).toBe(200);
    await call('POST', `tracks/${sid}/mute`);
    expect(track?.muted).toBe(true);
    await call('DELETE', `tracks/${sid}`);
    expect(track?.published).toBe(false);
    await call('DELETE', 'rooms/team%20a/participants/alice');
    expect(sandbox.room('team a').people()).toEqual([]);
  });

  it('shows the data that somebody received', async () => {
    sandbox.room('r').join({ identity: 'bob' });
    const client = new RoomServiceClient(sandbox.url, KEY, SECRET);
    await client.sendData('r', Buffer.from('{"v":1}'), DataPacket_Kind.RELIABLE, { topic: 'transcription' });
    const response = await call('GET', 'rooms/r/participants/bob/data');
    expect(await response.json()).toMatchObject({
      packets: [{ text: '{"v":1}', topic: 'transcription', kind: 'RELIABLE' }],
    });
  });

  it('plans faults', async () => {
    const alice = sandbox.room('r').join({ identity: 'alice' }).publish();
    await post('faults', { unavailableStarts: 1, webhooks: [{ event: 'room_finished', kind: 'lose', count: 1 }] });
    const client = new EgressClient(sandbox.url, KEY, SECRET);
    await expect(client.startTrackEgress('r', 'ws://127.0.0.1:9', alice.sid)).rejects.toMatchObject({ status: 503 });
    expect(sandbox.webhooks.faults.next('room_finished')).toMatchObject({ kind: 'lose' });
  });

  it('reports what it does not know', async () => {
    expect((await call('POST', 'tracks/TR_x/mute')).status).toBe(404);
    expect((await call('GET', 'nothing')).status).toBe(404);
    expect((await call('POST', 'faults', '{"unknown":1}')).status).toBe(400);
  });
});
