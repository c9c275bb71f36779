import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EgressClient, StartEgressRequest, type EgressInfo } from 'livekit-server-sdk';
import { startLiveKitSandbox, type LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import type { SandboxTrack } from '../livekit/sandbox-track.js';
import { WebhookInbox } from '../livekit/webhook-inbox.spec-kit.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { AudioReceiver } from './audio-receiver.spec-kit.js';

useVirtualTime();

const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';

describe('faults of the fake Egress', () => {
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
      egress: { latencyMs: 40, captureLeadMs: 0, dialDelayMs: 5, answerMs: 1, slots: 1, limitMs: 300 },
    });
    client = new EgressClient(sandbox.url, KEY, SECRET);
    track = sandbox.room('fixture').join({ identity: 'alice' }).publish();
  });
  afterEach(async () => {
    await sandbox.close();
    await receiver.close();
    await inbox.close();
  });

  const start = (): Promise<EgressInfo> => client.startTrackEgress('fixture', receiver.url, track.sid);

  it('answers 500, or that no server responds, as often as planned', async () => {
    sandbox.egress.faults.failingStarts = 1;
    sandbox.egress.faults.unavailableStarts = 1;
    await expect(start()).rejects.toMatchObject({
      status: 500,
      message: expect.stringMatching(/^twirp error unknown/),
    });
    const unavailable = { status: 503, code: 'unavailable', message: 'twirp error unknown: no response from servers' };
    await expect(start()).rejects.toMatchObject(unavailable);
    expect(await start()).toMatchObject({ status: 0 });
    await expect(start()).rejects.toMatchObject(unavailable);
  });

  it('answers that the account is full, as planned or counted', async () => {
    const full = { status: 429, code: 'resource_exhausted' };
    sandbox.egress.faults.limitedStarts = 1;
    await expect(start()).rejects.toMatchObject(full);
    sandbox.egress.faults.accountSlots = 1;
    await start();
    await expect(start()).rejects.toMatchObject(full);
  });

  it('starts an egress and loses the answer', async () => {
    sandbox.egress.faults.lostAnswers = 1;
    await expect(start()).rejects.toThrow('fetch failed');
    await receiver.egress();
    expect(await client.listEgress({ active: true })).toHaveLength(1);
  });

  it('fails every call, or answers none, or late, for as long as it shall', async () => {
    const { faults } = sandbox.egress;
    faults.api = 'failing';
    await expect(client.listEgress({})).rejects.toMatchObject({ status: 500 });
    faults.api = 'unavailable';
    await expect(start()).rejects.toMatchObject({ status: 503 });
    faults.api = 'unanswered';
    await expect(start()).rejects.toThrow('fetch failed');
    faults.clear();
    faults.latencyMs = 60;
    const askedAtMs = performance.now();
    expect(await client.listEgress({})).toEqual([]);
    expect(performance.now() - askedAtMs).toBeGreaterThanOrEqual(59);
  });

  it('is a server that does not know pairs', async () => {
    sandbox.egress.faults.oldServer = true;
    await expect(client.startEgress(new StartEgressRequest({ roomName: 'fixture' }))).rejects.toMatchObject({
      status: 501,
      code: 'unimplemented',
    });
    await start();
  });

  it.each([
    ['fails in the middle of the stream', 'fail', 4],
    ['is ended after its longest time', 'reachLimit', 6],
  ] as const)('%s, and sends webhooks about it', async (_, fault, status) => {
    const { egressId } = await start();
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    sandbox.egress[fault](egressId);
    await egress.closed();
    await inbox.arrival((event) => event.event === 'egress_ended');
    expect(await client.listEgress({ egressId })).toMatchObject([{ status }]);
  });

  it('starts and never dials; a stop aborts it', async () => {
    sandbox.egress.faults.neverDialling = 1;
    const { egressId } = await start();
    await track.say(new Int16Array(16 * 60));
    expect(receiver.dials).toBe(0);
    await client.stopEgress(egressId);
    await inbox.arrival((event) => event.event === 'egress_ended');
    expect(await client.listEgress({ egressId })).toMatchObject([{ status: 5 }]);
  });

  it('loses its worker without a word', async () => {
    const { egressId } = await start();
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    await sandbox.egress.kill(egressId);
    await egress.closed();
    expect(egress.closeCode).toBe(1006);
    await sandbox.webhooks.settled();
    expect(inbox.names).not.toContain('egress_ended');
    expect(await client.listEgress({ egressId })).toMatchObject([{ status: 1 }]);
    expect(await start()).toMatchObject({ status: 0 });
  });

  it('loses its network without a word, and can still be stopped', async () => {
    const { egressId } = await start();
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    sandbox.egress.vanish(egressId);
    await track.say(new Int16Array(16 * 20));
    const before = egress.frames.length;
    await track.say(new Int16Array(16 * 60));
    expect([egress.frames.length, egress.closeCode]).toEqual([before, undefined]);
    expect(sandbox.egress.running()).toHaveLength(1);
    await client.stopEgress(egressId);
    await inbox.arrival((event) => event.event === 'egress_ended');
    expect(await client.listEgress({ egressId })).toMatchObject([{ status: 3 }]);
    expect(sandbox.egress.running()).toEqual([]);
  });

  it('ends a stream that lasts too long', async () => {
    const { egressId } = await start();
    await (await receiver.egress()).closed();
    await inbox.arrival((event) => event.event === 'egress_ended');
    expect(await client.listEgress({ egressId })).toMatchObject([{ status: 6 }]);
  });

  it('fails an egress for a track that is not there', async () => {
    await client.startTrackEgress('fixture', receiver.url, 'TR_nobody');
    const { event } = await inbox.arrival((arrived) => arrived.event === 'egress_ended');
    expect(event.egressInfo).toMatchObject({ status: 4, error: 'track not found' });
    expect(receiver.dials).toBe(0);
  });

  it('brings everything after a stall, at once', async () => {
    await start();
    const egress = await receiver.egress();
    await egress.until(() => egress.frames.length > 0);
    egress.socket.pause();
    await track.say(new Int16Array(16 * 150).fill(1000));
    const before = egress.frames.length;
    egress.socket.resume();
    await egress.closed();
    const together = egress.frames.slice(before, before + 12).map(({ atMs }) => atMs);
    const waits = together.slice(1).map((atMs, nth) => atMs - together[nth]!);
    // A busy machine may stop between two of them.
    expect(waits.filter((ms) => ms > 4).length).toBeLessThanOrEqual(3);
    const samples = egress.frames.reduce((sum, frame) => sum + Math.floor(frame.value.length / 4), 0);
    expect(samples / 48).toBeGreaterThanOrEqual(300);
  });
});
