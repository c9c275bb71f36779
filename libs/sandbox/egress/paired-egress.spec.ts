import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  EgressClient,
  MediaSource,
  Output,
  StartEgressRequest,
  StreamOutput,
  StreamProtocol,
} from 'livekit-server-sdk';
import { startLiveKitSandbox, type LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import { upsample16kTo48k } from '../livekit/upsampler.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { AudioReceiver, type ReceivedEgress } from './audio-receiver.spec-kit.js';

useVirtualTime();

const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';
const ROOM = 'fixture';
const LEFT = 1;
const RIGHT = 2;

const noise = (ms: number, seed: number): Int16Array =>
  Int16Array.from({ length: ms * 16 }, (_, i) => (((i + seed) * 7919) % 8001) - 4000);

/** What comes before and after the speech is silence; this is the speech. */
function spoken(channel: Int16Array): Int16Array {
  const first = channel.findIndex((sample) => sample !== 0);
  const last = channel.findLastIndex((sample) => sample !== 0);
  return channel.slice(first, last + 1);
}

describe('two tracks and a room on one egress', () => {
  let receiver: AudioReceiver;
  let sandbox: LiveKitSandbox;
  let client: EgressClient;

  beforeEach(async () => {
    receiver = await AudioReceiver.open();
    sandbox = await startLiveKitSandbox({
      apiKey: KEY,
      apiSecret: SECRET,
      webhookUrls: [],
      egress: { latencyMs: 60, captureLeadMs: 0, dialDelayMs: 5, answerMs: 1, noticeEndMs: 20 },
    });
    client = new EgressClient(sandbox.url, KEY, SECRET);
  });
  afterEach(async () => {
    await sandbox.close();
    await receiver.close();
  });

  const start = async (audio: object): Promise<string> => {
    const stream = new StreamOutput({ protocol: StreamProtocol.WEBSOCKET, urls: [`${receiver.url}/s/x?token=abc`] });
    const info = await client.startEgress(
      new StartEgressRequest({
        roomName: ROOM,
        source: { case: 'media', value: new MediaSource({ audio }) },
        outputs: [new Output({ config: { case: 'stream', value: stream } })],
      }),
    );
    expect(info).toMatchObject({ status: 0, roomName: ROOM, request: { case: 'egress' } });
    return info.egressId;
  };
  const route = (sid: string, channel: number): object => ({ match: { case: 'trackId', value: sid }, channel });
  const more = (egress: ReceivedEgress, frames: number): Promise<void> => {
    const wanted = egress.frames.length + frames;
    return egress.until(() => egress.frames.length >= wanted);
  };

  it('carries each track on its own channel, sample by sample', async () => {
    const alice = sandbox.room(ROOM).join({ identity: 'alice' }).publish();
    const bob = sandbox.room(ROOM).join({ identity: 'bob' }).publish();
    await start({ routes: [route(alice.sid, LEFT), route(bob.sid, RIGHT)] });
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    await Promise.all([alice.say(noise(120, 0)), bob.say(noise(200, 5))]);
    await more(egress, 15);

    expect(spoken(egress.channel(0))).toEqual(spoken(upsample16kTo48k(noise(120, 0))));
    expect(spoken(egress.channel(1))).toEqual(spoken(upsample16kTo48k(noise(200, 5))));
  });

  it('goes on when one leaves, and when both have left, until it is stopped', async () => {
    const alice = sandbox.room(ROOM).join({ identity: 'alice' });
    const bob = sandbox.room(ROOM).join({ identity: 'bob' });
    const tracks = [alice.publish(), bob.publish()] as const;
    const egressId = await start({ routes: [route(tracks[0].sid, LEFT), route(tracks[1].sid, RIGHT)] });
    const egress = await receiver.egress();
    alice.leave();
    await tracks[1].say(noise(50, 3));
    await more(egress, 15);
    expect(egress.channel(0).every((sample) => sample === 0)).toBe(true);
    expect(egress.channel(1).some((sample) => sample !== 0)).toBe(true);

    bob.leave();
    await more(egress, 15);
    expect(egress.closeCode).toBeUndefined();
    expect(await client.listEgress({ active: true })).toMatchObject([{ egressId, status: 1 }]);
    await client.stopEgress(egressId);
    await egress.closed();
    expect(egress.closeCode).toBe(1005);
  });

  it('dials for an absent speaker only when he has come', async () => {
    const alice = sandbox.room(ROOM).join({ identity: 'alice' }).publish();
    const absent = { match: { case: 'participantIdentity', value: 'bob' }, channel: RIGHT };
    await start({ routes: [route(alice.sid, LEFT), absent] });
    await alice.say(noise(80, 0));
    expect(receiver.dials).toBe(0);
    sandbox.room(ROOM).join({ identity: 'bob' }).publish();
    expect((await receiver.egress()).request.url).toBe('/egress/audio/s/x?token=abc');
  });

  it('mixes the whole room on both channels, who comes later included', async () => {
    const room = sandbox.room(ROOM);
    const alice = room.join({ identity: 'alice' }).publish();
    await start({ captureAll: true });
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    const bob = room.join({ identity: 'bob' }).publish();
    await more(egress, 3);
    await alice.say(noise(50, 0));
    await bob.say(noise(50, 9));
    await more(egress, 15);
    const mixed = egress.channel(0);
    expect(mixed).toEqual(egress.channel(1));
    const loudMs = mixed.filter((sample) => sample !== 0).length / 48;
    expect(loudMs).toBeGreaterThan(95);
    room.close();
    await egress.closed();
  });
});
