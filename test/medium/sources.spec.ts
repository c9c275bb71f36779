import { afterEach, describe, expect, it } from '@jest/globals';
import { EgressClient } from 'livekit-server-sdk';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';
import { tracksUntil } from './session-tracks.js';

useVirtualTime();

const TUNED = { latencyMs: TUNED_LATENCY_MS, dialDelayMs: 50, answerMs: 10 };
const CHANGED = ['EGRESS_MAX_CONCURRENT', 'EGRESS_IDLE_RELEASE_S', 'EGRESS_OVERFLOW'] as const;

describe('the sources of sound', () => {
  let world: ServiceUnderTest;
  let id: string;

  const begin = async (variables: Record<string, string>, source: string, ...identities: string[]): Promise<void> => {
    world = await ServiceUnderTest.start(variables, TUNED);
    for (const identity of identities) world.livekit.room(ROOM).join({ identity }).publish();
    id = (await world.api.post<{ id: string }>('/sessions', { room: ROOM, source })).id;
    await world.api.post(`/sessions/${id}/live`);
  };
  const activeEgresses = async (): Promise<number> => {
    const client = new EgressClient(world.livekit.url, 'devkey', 'a-secret-of-the-medium-tests-only');
    return (await client.listEgress({ roomName: ROOM, active: true })).length;
  };
  const egressesUntil = async (count: number): Promise<void> => {
    for (const deadlineMs = Date.now() + 10_000; (await activeEgresses()) !== count;) {
      if (Date.now() > deadlineMs) throw new Error(`there are ${await activeEgresses()} egresses, not ${count}`);
      await timePasses(50);
    }
  };
  afterEach(async () => {
    await world.close();
    for (const name of CHANGED) Reflect.deleteProperty(process.env, name);
  });

  it('room-egress: everybody on one egress, as the session asked', async () => {
    await begin({}, 'room-egress', 'alice', 'bob', 'carol');
    const tracks = await tracksUntil(
      world,
      id,
      (seen) => seen.length === 3 && seen.every(({ state }) => state === 'streaming'),
    );
    expect(tracks.map(({ source }) => source)).toEqual(Array(3).fill('room-egress'));
    expect(await activeEgresses()).toBe(1);
  });

  it('auto: who comes while slots last has an egress of its own', async () => {
    await begin({}, 'auto', 'alice');
    await tracksUntil(world, id, (seen) => seen.some(({ state }) => state === 'streaming'));
    world.livekit.room(ROOM).join({ identity: 'bob' }).publish();
    const tracks = await tracksUntil(
      world,
      id,
      (seen) => seen.length === 2 && seen.every(({ state }) => state === 'streaming'),
    );
    expect(tracks.map(({ source }) => source)).toEqual(['egress', 'egress']);
    expect(await activeEgresses()).toBe(2);
  });

  it('pair: leaves no egress behind when one of the two goes while it is made', async () => {
    await begin({ EGRESS_MAX_CONCURRENT: '2', EGRESS_OVERFLOW: 'pair,queue' }, 'egress');
    const alice = world.livekit.room(ROOM).join({ identity: 'alice' });
    alice.publish();
    await tracksUntil(world, id, (seen) => seen.some(({ state }) => state === 'streaming'));
    const bob = world.livekit.room(ROOM).join({ identity: 'bob' });
    bob.publish();
    await tracksUntil(world, id, (seen) => seen[1]?.source === 'paired-egress');
    alice.leave();
    await tracksUntil(world, id, (seen) => seen.length === 1 && seen[0]?.state === 'streaming');
    await egressesUntil(1);
    bob.leave();
    await egressesUntil(0);
  });

  it('queue: who has been silent gives the slot to who waits, and waits in turn', async () => {
    const variables = { EGRESS_MAX_CONCURRENT: '1', EGRESS_IDLE_RELEASE_S: '1', EGRESS_OVERFLOW: 'queue' };
    await begin(variables, 'egress', 'alice', 'bob');
    const [first] = await tracksUntil(world, id, (seen) => seen.some(({ state }) => state === 'streaming'));
    const stateOfFirst = first?.state;
    await tracksUntil(world, id, ([track]) => track?.state !== stateOfFirst);
    const swapped = await tracksUntil(world, id, (seen) => seen.some(({ state }) => state === 'streaming'));
    expect(swapped.map(({ state }) => state).sort()).toEqual(['streaming', 'waiting-for-egress-slot']);
  });
});
