import { afterEach, describe, expect, it } from '@jest/globals';
import { accessToken, ApiClient } from '../../libs/sandbox/demo/api-client.js';
import type { SandboxRoom } from '../../libs/sandbox/livekit/sandbox-room.js';
import { timePasses, useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ServiceUnderTest } from './service-under-test.js';

useVirtualTime();

interface View {
  readonly id: string;
  readonly room: string;
  readonly status: string;
  readonly tracks: readonly {
    readonly trackSid: string;
    readonly identity: string;
    readonly name: string;
    readonly state?: string;
  }[];
}

const SOON = {
  AUTO_START: 'webhook',
  SESSION_RECONCILE_S: '0.2',
  SESSION_DRAIN_S: '0.1',
  TRANSCRIBE_SOURCES: 'microphone,screen_share_audio',
};
const WITHIN_MS = 10_000;

/** Against the sandbox's LiveKit over HTTP: what the service believes of rooms, whatever becomes of their webhooks. */
describe('reconciliation', () => {
  let world: ServiceUnderTest;
  let api: ApiClient;

  afterEach(async () => {
    await world.close();
  });

  const start = async (variables: Record<string, string> = {}): Promise<void> => {
    world = await ServiceUnderTest.start({ ...SOON, ...variables }, { latencyMs: 20, dialDelayMs: 20, answerMs: 5 });
    const token = await accessToken('devkey', 'a-secret-of-the-medium-tests-only', { roomCreate: true });
    api = new ApiClient(world.url, token);
  };
  const sessions = (): Promise<View[]> => api.get<View[]>('/sessions');
  /** Resolves when the sessions are like that. @throws Error when they do not get there within ten seconds. */
  const until = async (like: (views: readonly View[]) => boolean): Promise<View[]> => {
    const deadline = Date.now() + WITHIN_MS;
    for (;;) {
      const views = await sessions();
      if (like(views)) return views;
      if (Date.now() > deadline) throw new Error(`the sessions do not get there: ${JSON.stringify(views)}`);
      await timePasses(30);
    }
  };
  const tracksIn = (views: readonly View[]): string[] =>
    views.filter(({ status }) => status === 'live').flatMap(({ tracks }) => tracks.map(({ trackSid }) => trackSid));
  /** The tracks of live sessions become exactly these. */
  const rosterIs = (...sids: string[]): Promise<View[]> =>
    until((views) => tracksIn(views).sort().join() === [...sids].sort().join());

  it('needs no webhook at all', async () => {
    await start();
    world.livekit.webhooks.faults.plan('*', { kind: 'lose' });
    const room = world.livekit.room('silent');
    const alice = room.join({ identity: 'alice' });
    const first = alice.publish();
    await rosterIs(first.sid);
    const second = room.join({ identity: 'bob' }).publish();
    await rosterIs(first.sid, second.sid);
    alice.leave();
    await rosterIs(second.sid);
    room.close();
    await until(([view]) => view?.status === 'ended');
    const again = room.join({ identity: 'alice' }).publish();
    await rosterIs(again.sid);
    expect(await sessions()).toHaveLength(2);
  });

  /** The room plays the same scene each time; what is there at the end is what counts. */
  const scene = async (room: SandboxRoom): Promise<string[]> => {
    const alice = room.join({ identity: 'alice', name: 'Alice' });
    alice.publish().unpublish();
    const kept = alice.publish({ muted: true });
    room.join({ identity: 'bob' }).publish();
    // Under the same identity again: the first one is put out.
    const bob = room.join({ identity: 'bob' }).publish();
    const carol = room.join({ identity: 'carol' });
    const screen = carol.publish({ source: 'screen_share_audio' });
    carol.publish({ source: 'camera' });
    room.join({ identity: 'helper', kind: 'agent' }).publish();
    room.join({ identity: 'recorder', kind: 'egress' });
    const dave = room.join({ identity: 'dave' });
    dave.publish();
    await timePasses(100);
    dave.leave();
    kept.unmute();
    return [kept.sid, bob.sid, screen.sid];
  };

  it.each([
    ['every one is lost', () => world.livekit.webhooks.faults.plan('*', { kind: 'lose' })],
    ['every one comes twice', () => world.livekit.webhooks.faults.plan('*', { kind: 'double' })],
    [
      'every second kind is late',
      () => world.livekit.webhooks.faults.plan('track_published', { kind: 'delay', delayMs: 800 }),
    ],
    ['they come in reverse', () => world.livekit.webhooks.reorderNext(12)],
  ])('has the same roster when webhooks go wrong: %s', async (_, plan) => {
    await start();
    plan();
    const sids = await scene(world.livekit.room('scene'));
    const [view] = await rosterIs(...sids);
    await world.livekit.webhooks.settled();
    await timePasses(300);
    expect(tracksIn(await sessions()).sort()).toEqual(sids.sort());
    expect(await sessions()).toHaveLength(1);
    expect(view?.tracks.find(({ identity }) => identity === 'alice')?.name).toBe('Alice');
  });

  it('takes the sources that are asked for, and no others', async () => {
    await start({ TRANSCRIBE_SOURCES: 'microphone' });
    const alice = world.livekit.room('sources').join({ identity: 'alice' });
    alice.publish({ source: 'screen_share_audio' });
    const microphone = alice.publish();
    await rosterIs(microphone.sid);
  });

  it('follows a track that is published again, and a person who is called otherwise', async () => {
    await start();
    const room = world.livekit.room('again');
    const alice = room.join({ identity: 'alice', name: 'Alice' });
    const first = alice.publish();
    await rosterIs(first.sid);
    first.unpublish();
    const second = alice.publish();
    await rosterIs(second.sid);
    const third = room.join({ identity: 'alice', name: 'Alice B.' }).publish();
    const [view] = await rosterIs(third.sid);
    expect(view?.tracks[0]?.name).toBe('Alice B.');
  });

  it('follows a track that is published again at once, though no webhook comes', async () => {
    await start({ SESSION_RECONCILE_S: '60' });
    const alice = world.livekit.room('unheard').join({ identity: 'alice' });
    const first = alice.publish();
    await until(([view]) => view?.tracks[0]?.state === 'streaming');
    world.livekit.webhooks.faults.plan('*', { kind: 'lose' });
    first.unpublish();
    await rosterIs(alice.publish().sid);
  });

  it('lets a late end of the room’s last life end nothing', async () => {
    await start();
    const room = world.livekit.room('lives');
    await rosterIs(room.join({ identity: 'alice' }).publish().sid);
    world.livekit.webhooks.faults.plan('room_finished', { kind: 'delay', delayMs: 1_000 }, 1);
    room.close();
    const next = room.join({ identity: 'alice' }).publish();
    await rosterIs(next.sid);
    await world.livekit.webhooks.settled();
    await rosterIs(next.sid);
    expect((await sessions()).filter(({ status }) => status === 'live')).toHaveLength(1);
  });

  it('does not begin again what the API has ended in this life of the room', async () => {
    await start();
    const room = world.livekit.room('ended');
    const alice = room.join({ identity: 'alice' });
    await rosterIs(alice.publish().sid);
    const [first] = await sessions();
    await api.post(`/sessions/${first!.id}/end`);
    world.livekit.webhooks.faults.plan('*', { kind: 'double' });
    alice.publish();
    room.join({ identity: 'bob' });
    await until(([view]) => view?.status === 'ended');
    await timePasses(600);
    expect(await sessions()).toHaveLength(1);
    room.close();
    await rosterIs(room.join({ identity: 'alice' }).publish().sid);
  });

  it('follows webhooks alone while LiveKit’s API is away', async () => {
    await start();
    const room = world.livekit.room('outage');
    const alice = room.join({ identity: 'alice' });
    const first = alice.publish();
    await rosterIs(first.sid);
    world.livekit.refuseCalls(true);
    first.unpublish();
    const bob = room.join({ identity: 'bob' }).publish();
    await timePasses(1_000);
    expect(tracksIn(await sessions())).toEqual([bob.sid]);
    world.livekit.refuseCalls(false);
    await rosterIs(bob.sid);
  });
});
