import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EgressClient } from 'livekit-server-sdk';
import { startLiveKitSandbox, type LiveKitSandbox } from '../livekit/livekit-sandbox.js';
import { WebhookInbox } from '../livekit/webhook-inbox.spec-kit.js';
import { useVirtualTime } from '../../testing/virtual-time.spec-kit.js';
import { AudioReceiver, type ReceivedEgress } from './audio-receiver.spec-kit.js';
import { DEFAULT_EGRESS } from './egress-settings.js';

useVirtualTime();

/** The recorded scenario is replayed, this many times faster. */
const SPEED = 10;
const KEY = 'devkey';
const SECRET = 'secretsecretsecretsecretsecretsecret';
const ROOM = 'fixture';

interface TimelineEntry {
  readonly what: string;
  readonly track?: string;
  readonly bytes?: number;
  readonly text?: string;
  readonly code?: number;
}
interface WebhookBody {
  readonly event: string;
  readonly egressInfo?: { readonly egressId: string; readonly status?: string };
  readonly participant?: { readonly identity: string };
}

const folder = join(dirname(fileURLToPath(import.meta.url)), 'fixtures');
const linesOf = (file: string): string[] => readFileSync(join(folder, file), 'utf8').trim().split('\n');
const timeline = linesOf('default.timeline.jsonl').map((line) => JSON.parse(line) as TimelineEntry);
const recordedWebhooks = linesOf('webhooks.jsonl').map(
  (line) => JSON.parse((JSON.parse(line) as { body: string }).body) as WebhookBody,
);

/** What happened on each recorded socket, in order, socket by socket. */
function recordedSockets(): string[][] {
  const sockets: string[][] = [];
  const current = new Map<string, string[]>();
  for (const entry of timeline) {
    const track = entry.track ?? '';
    if (entry.what === 'upgrade') {
      current.set(track, []);
      sockets.push(current.get(track) ?? []);
    }
    if (entry.what === 'binary-run') current.get(track)?.push(entry.bytes === 1920 ? 'frames' : 'short frame');
    if (entry.what === 'text') current.get(track)?.push(entry.text ?? '');
    if (entry.what === 'close') current.get(track)?.push(`close ${entry.code}`);
  }
  return sockets.map(withoutRepeats);
}

function receivedSocket(egress: ReceivedEgress): string[] {
  const frames = egress.frames.map(({ atMs, value }) => ({
    atMs,
    what: value.length === 1920 ? 'frames' : 'short frame',
  }));
  const texts = egress.texts.map(({ atMs, value }) => ({ atMs, what: value }));
  const inOrder = [...frames, ...texts].sort((a, b) => a.atMs - b.atMs).map(({ what }) => what);
  return withoutRepeats([...inOrder, `close ${egress.closeCode}`]);
}

const withoutRepeats = (story: string[]): string[] => story.filter((what, i) => what !== story[i - 1]);

/** Every key path of a webhook; counts of people are left out, the server sends them late. */
function shapeOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const entries = Object.entries(value).filter(([key]) => !/^(num\w+|activeRecording|canPublish)$/.test(key));
  return entries.flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`)).sort();
}

const titleOf = ({ event, egressInfo, participant }: WebhookBody): string =>
  [event, egressInfo?.status, participant?.identity.replace(/^EG_.*/, 'EG')].filter(Boolean).join(' ');

/** The titles of the webhooks of each egress, egress by egress. */
function egressStories(webhooks: readonly WebhookBody[]): string[] {
  const ids = [...new Set(webhooks.flatMap(({ egressInfo }) => egressInfo?.egressId ?? []))];
  return ids.map((id) =>
    webhooks
      .filter(({ egressInfo }) => egressInfo?.egressId === id)
      .map(titleOf)
      .join(', '),
  );
}

/** The moves that were recorded, played on the fake LiveKit. */
async function playScenario(sandbox: LiveKitSandbox, receiver: AudioReceiver): Promise<void> {
  const client = new EgressClient(sandbox.url, KEY, SECRET);
  const room = sandbox.room(ROOM);
  const dave = room.join({ identity: 'dave', name: 'Dave' });
  const alice = room.join({ identity: 'alice', name: 'Alice' });
  const voice = alice.publish();
  const bob = room.join({ identity: 'bob', name: 'Bob' });
  const bobsVoice = bob.publish();
  const start = (sid: string, token: string) =>
    client.startTrackEgress(ROOM, `${receiver.url}/session-1/${sid}?token=${token}`, sid);

  await start(voice.sid, 't-alice');
  await start(bobsVoice.sid, 't-bob');
  const first = await receiver.egress(0);
  await first.until(() => first.frames.length > 0);
  await voice.say(new Int16Array(16 * 400).fill(3000));
  voice.mute();
  await first.until(() => first.texts.length === 1);
  await wait(150);
  (await receiver.egress(1)).socket.terminate();
  const { egressId } = await start(bobsVoice.sid, 't-bob');
  const second = await receiver.egress(2);
  await second.until(() => second.frames.length > 10);
  await client.stopEgress(egressId);
  await second.closed();
  alice.leave();
  await first.closed();
  bob.leave();
  dave.leave();
}

describe('the fake LiveKit sends the webhooks that were recorded from real servers', () => {
  let receiver: AudioReceiver;
  let inbox: WebhookInbox;
  let sandbox: LiveKitSandbox;
  let received: WebhookBody[];

  beforeAll(async () => {
    receiver = await AudioReceiver.open();
    inbox = await WebhookInbox.open(KEY, SECRET);
    const { latencyMs, captureLeadMs, dialDelayMs, mutedAfterMs, noticeEndMs } = DEFAULT_EGRESS;
    sandbox = await startLiveKitSandbox({
      apiKey: KEY,
      apiSecret: SECRET,
      webhookUrls: [inbox.url],
      room: { departureTimeoutMs: 20 },
      egress: {
        latencyMs: latencyMs / SPEED,
        captureLeadMs: captureLeadMs / SPEED,
        dialDelayMs: dialDelayMs / SPEED,
        mutedAfterMs: mutedAfterMs / SPEED,
        noticeEndMs: noticeEndMs / SPEED,
        answerMs: 5,
      },
    });
    await playScenario(sandbox, receiver);
    await inbox.arrival((event) => event.event === 'room_finished');
    received = inbox.arrivals.map(({ body }) => JSON.parse(body) as WebhookBody);
  });
  afterAll(async () => {
    await sandbox.close();
    await receiver.close();
    await inbox.close();
  });

  it('socket by socket', () => {
    expect(receiver.egresses.map(receivedSocket)).toEqual(recordedSockets());
  });

  it('webhook by webhook, for each egress', () => {
    expect(egressStories(received)).toEqual(egressStories(recordedWebhooks));
  });

  it('with the same webhooks in all', () => {
    expect(received.map(titleOf).sort()).toEqual(recordedWebhooks.map(titleOf).sort());
  });

  it.each([...new Set(recordedWebhooks.map(titleOf))])('%s has the recorded shape', (title) => {
    const [recorded] = recordedWebhooks.filter((webhook) => titleOf(webhook) === title);
    const [ours] = received.filter((webhook) => titleOf(webhook) === title);
    expect(shapeOf(ours)).toEqual(shapeOf(recorded));
  });
});
