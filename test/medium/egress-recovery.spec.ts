import { afterEach, describe, expect, it } from '@jest/globals';
import { EgressClient, type EgressInfo } from 'livekit-server-sdk';
import type { StatusMessage } from '../../libs/protocol/message.js';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import type { SandboxParticipant } from '../../libs/sandbox/livekit/sandbox-participant.js';
import { messagesTo } from '../room-messages.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';
import { tracksOf, tracksUntil, type TrackView } from './session-tracks.js';

useVirtualTime();

const KEYS = ['devkey', 'a-secret-of-the-medium-tests-only'] as const;
const TUNED = { latencyMs: TUNED_LATENCY_MS, dialDelayMs: 50, answerMs: 10 };
const WITHIN_MS = 15_000;

describe('an egress that ends while its track lives', () => {
  let world: ServiceUnderTest;
  let alice: SandboxParticipant;
  let id: string;

  const beginWith = async (...identities: string[]): Promise<void> => {
    const people = identities.map((identity) => world.livekit.room(ROOM).join({ identity }));
    for (const person of people) person.publish();
    alice = people[0]!;
    id = (await world.api.post<{ id: string }>('/sessions', { room: ROOM })).id;
    await world.api.post(`/sessions/${id}/live`);
  };
  const begin = async (): Promise<void> => {
    world = await ServiceUnderTest.start({}, TUNED);
    await beginWith('alice');
  };
  const until = async (condition: (tracks: readonly TrackView[]) => boolean): Promise<readonly TrackView[]> =>
    tracksUntil(world, id, condition);
  const streaming = async (restarts = 0): Promise<readonly TrackView[]> =>
    until(([track]) => track?.state === 'streaming' && track.restarts === restarts);
  const active = async (): Promise<EgressInfo[]> =>
    new EgressClient(world.livekit.url, ...KEYS).listEgress({ roomName: ROOM, active: true });
  const statuses = (): StatusMessage[] =>
    messagesTo(alice).filter((message): message is StatusMessage => message.type === 'status');
  const told = async (status: string): Promise<StatusMessage> => {
    for (const deadlineMs = Date.now() + WITHIN_MS; Date.now() < deadlineMs;) {
      const found = statuses().find((message) => message.status === status);
      if (found !== undefined) return found;
      await timePasses(20);
    }
    throw new Error(`the room was not told: ${status}`);
  };

  afterEach(async () => {
    await world.close();
    delete process.env['AUDIO_SOURCE'];
  });

  it.each([
    ['its worker dies', 'kill'],
    ['it fails', 'fail'],
    ['it reaches its longest time', 'reachLimit'],
  ] as const)('is started again when %s, once, and the room is told what it missed', async (_, fault) => {
    await begin();
    await streaming();
    const [former] = await active();
    await world.livekit.egress[fault]();
    const atMs = Date.now();
    await streaming(1);
    expect(Date.now() - atMs).toBeLessThan(WITHIN_MS);
    const running = (await active()).filter(({ egressId }) => egressId !== former?.egressId);
    expect(running).toHaveLength(1);
    expect((await told('gap')).endMs).toBeGreaterThan(0);
  });

  it.each([
    ['answers 500', { failingStarts: 2 }],
    ['has no worker', { unavailableStarts: 2 }],
    ['is full', { limitedStarts: 1 }],
  ] as const)('is started again when LiveKit %s meanwhile', async (_, faults) => {
    await begin();
    await streaming();
    Object.assign(world.livekit.egress.faults, faults);
    await world.livekit.egress.kill();
    await streaming(1);
    const { startMs = 0, endMs = 0 } = await told('gap');
    expect(endMs).toBeGreaterThan(startMs);
  });

  it('is adopted when the answer to its start was lost, and stopped like any other', async () => {
    world = await ServiceUnderTest.start({}, TUNED);
    world.livekit.egress.faults.lostAnswers = 1;
    await beginWith('alice');
    await until(([track]) => track?.state === 'streaming');
    expect(await active()).toHaveLength(1);
    await world.api.post(`/sessions/${id}/end`);
    for (const deadlineMs = Date.now() + WITHIN_MS; (await active()).length > 0 && Date.now() < deadlineMs;) {
      await timePasses(20);
    }
    expect(await active()).toEqual([]);
  });

  it('is one a track where the server is too old for pairs', async () => {
    world = await ServiceUnderTest.start({ AUDIO_SOURCE: 'paired-egress' }, TUNED);
    world.livekit.egress.faults.oldServer = true;
    await beginWith('alice', 'bob');
    const seen = await until((all) => all.length === 2 && all.every(({ state }) => state === 'streaming'));
    expect(seen.map(({ source }) => source)).toEqual(['egress', 'egress']);
  });

  it('waits in the queue, and asks nobody, where others use up the account’s slots', async () => {
    world = await ServiceUnderTest.start({}, TUNED);
    world.livekit.egress.faults.accountSlots = 1;
    await beginWith('alice', 'bob');
    // At first one may wait without a source.
    const seen = await until(
      (all) =>
        all.every(({ source }) => source === 'egress') &&
        all
          .map(({ state }) => state)
          .sort()
          .join() === 'streaming,waiting-for-egress-slot',
    );
    expect(seen).toHaveLength(2);
    expect(await active()).toHaveLength(1);
  });

  it('waits while LiveKit’s API is down, tells the room, disturbs nobody, and comes back', async () => {
    await begin();
    const bob = world.livekit.room(ROOM).join({ identity: 'bob' });
    const bobsTrack = bob.publish();
    await until((seen) => seen.length === 2 && seen.every(({ state }) => state === 'streaming'));
    const infos = await active();
    const alices = infos.find((info) => !JSON.stringify(info.toJson()).includes(bobsTrack.sid));
    world.livekit.egress.faults.api = 'failing';
    await world.livekit.egress.kill(alices?.egressId);
    expect((await told('degraded')).message).toContain('Egress');
    const during = await tracksOf(world, id);
    expect(during.find(({ trackSid }) => trackSid === bobsTrack.sid)).toMatchObject({
      state: 'streaming',
      restarts: 0,
    });
    expect(during.find(({ trackSid }) => trackSid !== bobsTrack.sid)).toMatchObject({ state: 'restarting' });
    expect(await world.api.get(`/sessions/${id}`)).toMatchObject({
      egress: { api: expect.stringMatching(/fails|again/) },
    });
    world.livekit.egress.faults.api = undefined;
    await until((seen) => seen.every(({ state }) => state === 'streaming'));
    await told('recovered');
    await told('gap');
  });
});

describe('what an earlier run left behind', () => {
  it('is ended at the start, and what is not ours is left alone', async () => {
    const world = await ServiceUnderTest.start({}, TUNED);
    const client = new EgressClient(world.livekit.url, ...KEYS);
    const sid = world.livekit.room(ROOM).join({ identity: 'alice' }).publish().sid;
    world.livekit.egress.faults.neverDialling = 2;
    const base = process.env['EGRESS_WEBSOCKET_BASE_URL'] ?? '';
    const ours = await client.startTrackEgress(ROOM, `${base}/former-session/${sid}?token=x`, sid);
    const theirs = await client.startTrackEgress(ROOM, 'ws://127.0.0.1:9/somewhere', sid);
    await world.service.app.close();

    const again = await (await import('../../src/service.js')).createService();
    await again.start();
    for (const deadlineMs = Date.now() + WITHIN_MS; Date.now() < deadlineMs;) {
      if ((await client.listEgress({ active: true })).length === 1) break;
      await timePasses(20);
    }
    const left = (await client.listEgress({ active: true })).map(({ egressId }) => egressId);
    expect([left.includes(ours.egressId), left.includes(theirs.egressId)]).toEqual([false, true]);
    await again.app.close();
    await Promise.all([world.livekit.close(), world.gladia.close()]);
  });
});
