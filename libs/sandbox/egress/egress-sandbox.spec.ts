import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressClient, type EgressInfo } from 'livekit-server-sdk';
import { startLiveKitSandbox, type LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import type { SandboxTrack } from '../livekit/sandbox-track.js';
import { WebhookInbox } from '../livekit/webhook-inbox.spec-kit.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { AudioReceiver } from './audio-receiver.spec-kit.js';

useVirtualTime();

const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';
const ROOM = 'fixture';
/** The recorded Egress, its waits ten times shorter. */
const SETTINGS = {
  latencyMs: 288,
  captureLeadMs: 8,
  dialDelayMs: 100,
  answerMs: 5,
  mutedAfterMs: 150,
  noticeEndMs: 20,
};

const tone16k = (ms: number): Int16Array =>
  Int16Array.from({ length: ms * 16 }, (_, i) => Math.round(8_000 * Math.sin((2 * Math.PI * 440 * i) / 16_000)));
const isLoud = (frame: Buffer): boolean => frame.some((byte) => byte !== 0);

describe('Track Egress of the sandbox', () => {
  let receiver: AudioReceiver;
  let inbox: WebhookInbox;
  let sandbox: LiveKitSandbox;
  let client: EgressClient;
  let track: SandboxTrack;

  beforeEach(async () => {
    receiver = await AudioReceiver.open();
    inbox = await WebhookInbox.open(KEY, SECRET);
    sandbox = await startLiveKitSandbox({
      apiKey: KEY,
      apiSecret: SECRET,
      webhookUrls: [inbox.url],
      egress: SETTINGS,
    });
    client = new EgressClient(sandbox.url, KEY, SECRET);
    track = sandbox.room(ROOM).join({ identity: 'alice' }).publish();
  });
  afterEach(async () => {
    await sandbox.close();
    await receiver.close();
    await inbox.close();
  });

  const start = (): Promise<EgressInfo> =>
    client.startTrackEgress(ROOM, `${receiver.url}/session-1/${track.sid}?token=t-alice`, track.sid);
  const ended = async (): Promise<object> => {
    const { body } = await inbox.arrival((event) => event.event === 'egress_ended');
    return (JSON.parse(body) as { egressInfo: object }).egressInfo;
  };

  it('answers starting, dials once with the headers of Egress, and is in the room', async () => {
    const info = await start();
    expect(info).toMatchObject({ status: 0, roomName: ROOM, roomId: sandbox.room(ROOM).sid });
    const egress = await receiver.egress();
    expect(egress.request.url).toBe(`/egress/audio/session-1/${track.sid}?token=t-alice`);
    const { 'sec-websocket-key': key, ...headers } = egress.request.headers;
    expect(key).toHaveLength(24);
    expect(headers).toEqual({
      host: new URL(receiver.url).host,
      'user-agent': 'Go-http-client/1.1',
      connection: 'Upgrade',
      'content-type': 'audio/x-raw',
      'sec-websocket-version': '13',
      upgrade: 'websocket',
    });
    const participant = sandbox.room(ROOM).participants.get(info.egressId);
    expect(participant).toMatchObject({ kind: 'egress', present: true });
    const { body } = await inbox.arrival((event) => event.participant?.identity === info.egressId);
    expect(JSON.parse(body)).toMatchObject({
      participant: { kind: 'EGRESS', permission: { canSubscribe: true, hidden: true, recorder: true } },
    });
  });

  it('sends 10 ms frames at 100 a second, speech after its latency, silence otherwise', async () => {
    await start();
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    const beforeMs = performance.now();
    const saying = track.say(tone16k(300));
    const spokenAtMs = performance.now();
    await saying;
    await egress.until(() => egress.frames.length >= 100);

    // When the first frame was due: a busy machine delays some, and no frame is early.
    const firstAtMs = Math.min(...egress.frames.map(({ atMs }, nth) => atMs - 10 * nth));
    expect(firstAtMs - egress.openedAtMs).toBeGreaterThan(250);
    expect(firstAtMs - egress.openedAtMs).toBeLessThan(400);
    expect(egress.frames.every((frame) => frame.value.length === 1920)).toBe(true);
    const loud = egress.frames.filter((frame) => isLoud(frame.value));
    expect(loud.length).toBeGreaterThanOrEqual(30);
    expect(loud.length).toBeLessThanOrEqual(31);
    const loudAtMs = firstAtMs + 10 * egress.frames.findIndex((frame) => isLoud(frame.value));
    expect(loudAtMs - beforeMs).toBeGreaterThan(270);
    expect(loudAtMs - spokenAtMs).toBeLessThan(320);
    expect(egress.channel(0)).toEqual(egress.channel(1));
  });

  it('reports a mute late, keeps sending silence, and reports the unmute at once', async () => {
    await start();
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    /** After how long the next text comes, and it. */
    const reportedAfter = async (act: () => void): Promise<[number, string | undefined]> => {
      const [before, atMs] = [egress.texts.length, performance.now()];
      act();
      await egress.until(() => egress.texts.length > before);
      return [egress.texts[before]!.atMs - atMs, egress.texts[before]!.value];
    };
    const [muteMs, unmuteMs]: number[][] = [[], []];
    // Thrice, since a busy machine may be late with one of them.
    for (let times = 0; times < 3; times++) {
      const [mutedAfterMs, muted] = await reportedAfter(() => track.mute());
      const framesWhileMuted = egress.frames.length;
      await egress.until(() => egress.frames.length > framesWhileMuted + 10);
      const [unmutedAfterMs, unmuted] = await reportedAfter(() => track.unmute());
      expect([muted, unmuted]).toEqual(['{"muted":true}', '{"muted":false}']);
      muteMs!.push(mutedAfterMs);
      unmuteMs!.push(unmutedAfterMs);
    }
    expect(egress.frames.some((frame) => isLoud(frame.value))).toBe(false);
    expect(Math.max(...muteMs!)).toBeGreaterThan(145);
    expect(Math.min(...unmuteMs!)).toBeLessThan(100);
  });

  it('drains after StopEgress, ends with a short frame and a close without a code', async () => {
    const { egressId } = await start();
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    await track.say(tone16k(100));
    const stoppedAtMs = performance.now();
    const before = egress.frames.length;
    await client.stopEgress(egressId);
    await egress.closed();

    expect(egress.closeCode).toBe(1005);
    expect(performance.now() - stoppedAtMs).toBeGreaterThan(250);
    const drained = egress.frames.slice(before).map((frame) => frame.value);
    expect(drained.some(isLoud)).toBe(true);
    expect(drained.at(-1)?.length).toBeLessThan(1920);
    expect(drained.slice(0, -1).every((frame) => frame.length === 1920)).toBe(true);
    const info = await ended();
    expect(info).toMatchObject({
      egressId,
      status: 'EGRESS_COMPLETE',
      details: 'End reason: StopEgress API',
      track: { websocketUrl: expect.stringMatching(/\?token=\{\.\.\.\}$/) },
      stream: { info: [{ url: expect.stringMatching(/\?token=t-alice$/), status: 'FINISHED' }] },
    });
    expect(info).not.toHaveProperty('error');
    await expect(client.stopEgress(egressId)).rejects.toMatchObject({ status: 412, code: 'failed_precondition' });
  });

  it.each([
    ['the track is unpublished', (): void => track.unpublish()],
    ['the participant leaves', (): void => sandbox.room(ROOM).remove('alice')],
  ])('ends by itself when %s', async (_what, act) => {
    await start();
    const egress = await receiver.egress();
    track.mute();
    await egress.until(() => egress.texts.length === 1);
    act();
    await egress.closed();
    expect(egress.closeCode).toBe(1005);
    expect(egress.texts.map((text) => text.value)).toEqual(['{"muted":true}', '{"muted":false}']);
    expect(await ended()).toMatchObject({ status: 'EGRESS_COMPLETE', details: 'End reason: Source closed' });
  });

  it('fails when we close it with 1011', async () => {
    await start();
    (await receiver.egress()).socket.close(1011);
    expect(await ended()).toMatchObject({
      status: 'EGRESS_FAILED',
      error: 'websocket: close sent',
      errorCode: 503,
      details: 'End reason: Failure',
    });
    expect(receiver.dials).toBe(1);
  });

  it('fails when the TCP connection drops, with a stream that reaches back to 1970', async () => {
    await start();
    (await receiver.egress()).socket.terminate();
    const info = (await ended()) as { streamResults: { startedAt: string; duration: string }[] };
    expect(info).toMatchObject({
      status: 'EGRESS_FAILED',
      error: expect.stringMatching(/^write tcp 127\.0\.0\.1:\d+->127\.0\.0\.1:\d+: write: broken pipe$/),
    });
    expect(info.streamResults[0]?.duration).toBe(`-${info.streamResults[0]?.startedAt}`);
    expect(receiver.dials).toBe(1);
  });

  it.each(['401 Unauthorized', '302 Found\r\nLocation: /elsewhere'])(
    'fails when the dial meets %s',
    async (refusal) => {
      receiver.refusal = refusal;
      await start();
      expect(await ended()).toMatchObject({ status: 'EGRESS_FAILED', error: 'websocket: bad handshake' });
      expect(receiver.dials).toBe(1);
    },
  );

  it('lists what runs', async () => {
    const { egressId } = await start();
    await inbox.arrival((event) => event.event === 'egress_updated');
    const [active] = await client.listEgress({ roomName: ROOM, active: true });
    expect(active).toMatchObject({ egressId, status: 1 });
    expect(await client.listEgress({ roomName: 'other' })).toEqual([]);
    await expect(client.stopEgress('EG_nobody')).rejects.toMatchObject({ status: 404, code: 'not_found' });
    await expect(client.startTrackEgress('nowhere', receiver.url, track.sid)).rejects.toMatchObject({
      status: 404,
      message: 'twirp error unknown: requested room does not exist',
    });
  });
});
