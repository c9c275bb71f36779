import { afterEach, describe, expect, it } from '@jest/globals';
import { EgressClient } from 'livekit-server-sdk';
import { TUNED_LATENCY_MS } from '../../libs/sandbox/egress/egress-settings.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';
import { tracksUntil } from './session-tracks.js';

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
    const client = new EgressClient(world.livekit.url, 'devkey', 'a-secret-of-the-medium-tests-only');
    expect(await client.listEgress({ roomName: ROOM, active: true })).toHaveLength(1);
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
