import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataPacket_Kind, RoomServiceClient } from 'livekit-server-sdk';
import type { DataPacket } from './sandbox-participant.js';
import { startLiveKitSandbox, type LiveKitSandbox } from './livekit-sandbox.js';
import { WebhookInbox } from './webhook-inbox.spec-kit.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';

useVirtualTime();

const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const texts = (packets: readonly DataPacket[]): string[] => packets.map((p) => new TextDecoder().decode(p.payload));

describe('LiveKit sandbox, RoomService', () => {
  let sandbox: LiveKitSandbox;
  let client: RoomServiceClient;

  beforeEach(async () => {
    sandbox = await startLiveKitSandbox({ apiKey: KEY, apiSecret: SECRET, webhookUrls: [] });
    client = new RoomServiceClient(sandbox.url, KEY, SECRET);
  });
  afterEach(() => sandbox.close());

  it('lists rooms and who is in them, with their tracks', async () => {
    const alice = sandbox.room('fixture').join({ identity: 'alice', name: 'Alice' });
    const track = alice.publish();
    track.mute();

    const [room] = await client.listRooms();
    expect(room).toMatchObject({ name: 'fixture', numParticipants: 1, numPublishers: 1, departureTimeout: 20 });
    const [participant] = await client.listParticipants('fixture');
    expect(participant).toMatchObject({ sid: alice.sid, identity: 'alice', name: 'Alice', state: 2, kind: 0 });
    expect(participant?.tracks[0]).toMatchObject({ sid: track.sid, name: 'mic', muted: true, source: 2, type: 0 });
    expect(await client.getParticipant('fixture', 'alice')).toMatchObject({ sid: alice.sid });
  });

  it('creates and deletes rooms', async () => {
    const room = await client.createRoom({ name: 'made', departureTimeout: 3 });
    expect(room).toMatchObject({ name: 'made', departureTimeout: 3 });
    const eve = sandbox.room('made').join({ identity: 'eve' });
    await client.deleteRoom('made');
    expect(eve.present).toBe(false);
    expect(await client.listRooms(['made'])).toEqual([]);
  });

  it('answers for what does not exist as the server does', async () => {
    expect(await client.listParticipants('nowhere')).toEqual([]);
    await expect(client.deleteRoom('nowhere')).rejects.toMatchObject({
      status: 404,
      code: 'not_found',
      message: 'twirp error unknown: requested room does not exist',
    });
    await expect(client.getParticipant('nowhere', 'x')).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(client.sendData('nowhere', bytes('x'), DataPacket_Kind.RELIABLE, {})).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
      message: 'twirp error unknown: no response from servers',
    });
  });

  it('refuses a wrong secret in plain text, with the token in it', async () => {
    const stranger = new RoomServiceClient(sandbox.url, KEY, 'another-secret-another-secret-another');
    await expect(stranger.listRooms()).rejects.toMatchObject({
      status: 401,
      code: undefined,
      message: expect.stringMatching(
        /^invalid token: eyJ\S+, error: token signature is invalid: signature is invalid$/,
      ),
    });
  });

  it('refuses a call without the grant for it', async () => {
    const response = await fetch(`${sandbox.url}/twirp/livekit.RoomService/ListRooms`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ code: 'unauthenticated', msg: 'permissions denied' });
  });

  it('closes a room after the last has left, and opens it again', async () => {
    const inbox = await WebhookInbox.open(KEY, SECRET);
    const brief = await startLiveKitSandbox({
      apiKey: KEY,
      apiSecret: SECRET,
      webhookUrls: [inbox.url],
      room: { departureTimeoutMs: 1 },
    });
    const room = brief.room('short');
    room.join({ identity: 'alice' }).leave();
    const sid = room.sid;
    await inbox.arrival((event) => event.event === 'room_finished');
    expect(room.sid).toBeUndefined();
    room.join({ identity: 'alice' });
    expect(room.sid).not.toBe(sid);
    await brief.close();
    await inbox.close();
  });

  it('sends data to who is in the room at that moment', async () => {
    const room = sandbox.room('talk');
    const alice = room.join({ identity: 'alice' });
    const received: DataPacket[] = [];
    alice.onData((packet) => received.push(packet));
    await client.sendData('talk', bytes('one'), DataPacket_Kind.RELIABLE, { topic: 'transcription' });
    const bob = room.join({ identity: 'bob' });
    await client.sendData('talk', bytes('two'), DataPacket_Kind.LOSSY, { destinationIdentities: ['bob'] });
    await client.sendData('talk', bytes('three'), DataPacket_Kind.RELIABLE, {});

    expect(texts(received)).toEqual(['one', 'three']);
    expect(received[0]).toMatchObject({ topic: 'transcription', kind: 'RELIABLE' });
    expect(texts(bob.received)).toEqual(['two', 'three']);
    expect(bob.received[0]).toMatchObject({ topic: undefined, kind: 'LOSSY' });
  });

  it('delivers a packet once by its nonce and refuses one that is too large', async () => {
    const alice = sandbox.room('talk').join({ identity: 'alice' });
    const token = await client['authHeader']({ roomAdmin: true, room: 'talk' });
    const body = JSON.stringify({ room: 'talk', data: 'aGk=', nonce: Buffer.alloc(16, 7).toString('base64') });
    const call = (): Promise<Response> =>
      fetch(`${sandbox.url}/twirp/livekit.RoomService/SendData`, { method: 'POST', body, headers: token });
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(200);
    expect(texts(alice.received)).toEqual(['hi']);

    const large = new Uint8Array(15 * 1024 + 1);
    await expect(client.sendData('talk', large, DataPacket_Kind.RELIABLE, {})).rejects.toMatchObject({ status: 400 });
  });
});
