import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startLiveKitSandbox, type LiveKitSandbox } from './livekit-sandbox.js';
import { WebhookInbox } from './webhook-inbox.spec-kit.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';

useVirtualTime();

const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';

describe('webhooks of the LiveKit sandbox', () => {
  let inbox: WebhookInbox;
  let sandbox: LiveKitSandbox;

  beforeEach(async () => {
    inbox = await WebhookInbox.open(KEY, SECRET);
    sandbox = await startLiveKitSandbox({
      apiKey: KEY,
      apiSecret: SECRET,
      webhookUrls: [inbox.url],
      webhook: { retries: 2, retryDelayMs: 10 },
      room: { departureTimeoutMs: 1 },
    });
  });
  afterEach(async () => {
    await sandbox.close();
    await inbox.close();
  });

  it('reports a visit from start to end, signed so that the SDK takes it', async () => {
    const alice = sandbox.room('fixture').join({ identity: 'alice', name: 'Alice' });
    const track = alice.publish();
    track.mute();
    alice.leave();
    await inbox.arrival((event) => event.event === 'room_finished');

    expect(inbox.names).toEqual([
      'room_started',
      'participant_joined',
      'track_published',
      'track_unpublished',
      'participant_left',
      'room_finished',
    ]);
    expect(inbox.arrivals.every((arrival) => arrival.contentType === 'application/webhook+json')).toBe(true);
    const published = JSON.parse(inbox.arrivals[2]?.body ?? '{}') as Record<string, unknown>;
    expect(Object.keys(published)).toEqual(['event', 'room', 'participant', 'track', 'id', 'createdAt']);
    expect(published['participant']).toEqual({ sid: alice.sid, identity: 'alice' });
    expect(published['track']).toMatchObject({ sid: track.sid, name: 'mic', source: 'MICROPHONE' });
    expect(inbox.arrivals[3]?.event.track).toMatchObject({ sid: track.sid, muted: true });
  });

  it('comes again while the receiver is down', async () => {
    inbox.refusals = 2;
    sandbox.room('fixture').open();
    await inbox.arrival((event) => event.event === 'room_started');
    expect(inbox.names).toEqual(['room_started']);
  });

  it('loses, doubles and delays them on demand', async () => {
    sandbox.webhooks.faults.plan('room_started', { kind: 'lose' }, 1);
    sandbox.webhooks.faults.plan('participant_joined', { kind: 'delay', delayMs: 300 }, 1);
    sandbox.webhooks.faults.plan('track_published', { kind: 'double' }, 1);
    const alice = sandbox.room('fixture').join({ identity: 'alice' });
    alice.publish();
    await inbox.arrival(() => inbox.arrivals.length === 3);
    expect(inbox.names[0]).toBe('track_published');
    expect(inbox.names.toSorted()).toEqual(['participant_joined', 'track_published', 'track_published']);
    const [first, second] = inbox.arrivals.filter(({ event }) => event.event === 'track_published');
    expect(first?.body).toBe(second?.body);
  });

  it('sends some in reverse order on demand', async () => {
    sandbox.webhooks.reorderNext(3);
    sandbox.room('fixture').join({ identity: 'alice' }).publish();
    await inbox.arrival((event) => event.event === 'room_started');
    expect(inbox.names).toEqual(['track_published', 'participant_joined', 'room_started']);
  });
});
