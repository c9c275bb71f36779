import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AccessToken } from 'livekit-server-sdk';
import { WebSocket } from 'ws';
import { EgressInHand } from '../egress-in-hand.js';
import { flood } from './flood-process.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';
import { Speaker } from './speaker.js';

/** So little that a burst of bad handshakes is an overload, and one track that speaks is none. */
const LIMIT_PERCENT = 25;
const WITHIN_MS = 60_000;

describe('a service that is too busy', () => {
  let egress: EgressInHand;
  let world: SandboxedService;

  afterEach(async () => {
    await world.close();
    await egress.close();
  });

  const post = async (room: string): Promise<Response> => {
    const token = new AccessToken('devkey', 'a-secret-of-the-end-to-end-tests-only', { identity: 'caller' });
    token.addGrant({ roomCreate: true });
    const headers = { 'Content-Type': 'application/json', authorization: `Bearer ${await token.toJwt()}` };
    return fetch(`${world.service.url}/sessions`, { method: 'POST', headers, body: JSON.stringify({ room }) });
  };
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`${world.service.url}/metrics`)).text();
    return Number(new RegExp(`^roomscribe_${name} (.*)$`, 'm').exec(text)?.[1]);
  };
  const until = async (condition: () => Promise<boolean>): Promise<void> => {
    for (const deadlineMs = Date.now() + WITHIN_MS; !(await condition());) {
      if (Date.now() > deadlineMs) throw new Error('it does not get there');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('begins no session, hears all of those that it has, and begins what waits when it has time again', async () => {
    egress = await EgressInHand.start();
    world = await SandboxedService.start(
      { dialDelayMs: 10, answerMs: 10 },
      {
        EGRESS_WEBSOCKET_BASE_URL: egress.url,
        OVERLOAD_LOOP_PERCENT: String(LIMIT_PERCENT),
        SESSION_RECONCILE_S: '1',
      },
    );
    const { livekit, api, service } = world;
    livekit.room(ROOM).join({ identity: 'alice' }).publish();
    const [address] = await egress.dialled(1);
    const socket = new WebSocket(service.url.replace('http', 'ws') + address!, {
      headers: { 'Content-Type': 'audio/x-raw' },
    });
    await once(socket, 'open');
    const speaker = new Speaker(socket);
    const id = await world.streamingSession();

    const enough = new AbortController();
    const work = (async () => {
      while (!enough.signal.aborted) await flood(service.url, 'forge', 5_000, 500).over;
    })();
    await until(async () => (await metric('overloaded')) === 1);
    const refused = await post('more');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
    livekit.room('late').join({ identity: 'bob' }).publish();
    await until(async () => (await metric('rooms_waiting')) === 1);
    const percent = 100 * (await metric('event_loop_load_ratio'));
    enough.abort();
    await work;

    await until(async () => (await metric('rooms_waiting')) === 0 && (await metric('sessions_live')) === 2);
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    speaker.stop();
    const session = () =>
      api.get<{ tracks: { frames: number }[]; counters: Record<string, number> }>(`/sessions/${id}`);
    await until(async () => (await session()).tracks[0]?.frames === speaker.sent);
    const { counters } = await session();
    process.stdout.write(`${JSON.stringify({ percent, frames: speaker.sent, counters })}\n`);
    expect(counters).toMatchObject({ samplesDropped: 0, gapMs: 0 });
    expect(counters['framesMixed']! * 20).toBeGreaterThan(speaker.sent * 10 - 1_000);
  });
});
