import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { EgressTokens } from '../../src/egress/egress-tokens.js';
import { EgressInHand } from '../egress-in-hand.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ROOM, ServiceUnderTest } from './service-under-test.js';

useVirtualTime();

const LIFETIME_MS = 60_000;

describe('the address that Egress is given', () => {
  let egress: EgressInHand;
  let world: ServiceUnderTest;
  let sessionId: string;
  let alice: string;
  let bob: string;

  beforeAll(async () => {
    egress = await EgressInHand.start();
    world = await ServiceUnderTest.start({ EGRESS_WEBSOCKET_BASE_URL: egress.url }, { dialDelayMs: 10, answerMs: 10 });
    for (const identity of ['alice', 'bob']) world.livekit.room(ROOM).join({ identity }).publish();
    const { id } = await world.api.post<{ id: string }>('/sessions', { room: ROOM });
    sessionId = id;
    await world.api.post(`/sessions/${id}/live`);
    [alice, bob] = (await egress.dialled(2)) as [string, string];
  });
  afterAll(async () => {
    await world.close();
    await egress.close();
  });

  const dial = (path: string): WebSocket => {
    const socket = new WebSocket(world.url.replace('http', 'ws') + path, {
      headers: { 'Content-Type': 'audio/x-raw' },
    });
    socket.on('error', () => undefined);
    return socket;
  };
  /** 101, or the status with which it is refused. */
  const statusOf = async (path: string): Promise<number> => {
    const socket = dial(path);
    const refused = once(socket, 'unexpected-response').then(
      ([, answer]) => (answer as { statusCode: number }).statusCode,
    );
    const status = await Promise.race([once(socket, 'open').then(() => 101), refused]);
    socket.terminate();
    return status;
  };
  const refusals = async (reason: string): Promise<number> => {
    const text = await (await fetch(`${world.url}/metrics`)).text();
    const name = `roomscribe_audio_upgrades_refused_total{status="401",reason="${reason}"} `;
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(name))
        ?.slice(name.length) ?? 0,
    );
  };
  const parts = (path: string) => {
    const { pathname, searchParams } = new URL(path, 'ws://localhost');
    const token = searchParams.get('token')!;
    const target = pathname.split('/').at(-1)!;
    return { pathname, token, target, attempt: Number(token.split('.')[0]) };
  };
  /** A token of this very run of the service. */
  const issued = (attempt: number, atMs: number): string => {
    const token = world.service.app.get(EgressTokens).issue({ sessionId, target: parts(alice).target, attempt }, atMs);
    return `${parts(alice).pathname}?token=${token}`;
  };

  it.each([
    ['for another track', 'forged', () => `${parts(bob).pathname}?token=${parts(alice).token}`],
    ['for a track that is not there', 'forged', () => alice.replace(parts(alice).target, 'TR_nobody')],
    ['for another session', 'forged', () => alice.replace(sessionId, '00000000-0000-4000-8000-000000000000')],
    ['for a pair with the same track', 'forged', () => alice.replace('?', `,${parts(bob).target}?`)],
    ['with another attempt written on it', 'forged', () => alice.replace(/token=\d+/, 'token=9')],
    ['with a later end written on it', 'forged', () => alice.replace(/\.[^.]+\./, '.zzzzzzzz.')],
    ['guessed', 'forged', () => alice.replace(/[\w-]{43}$/, 'A'.repeat(43))],
    ['cut short', 'forged', () => alice.slice(0, -1)],
    ['twice', 'forged', () => `${parts(alice).pathname}?token=x&token=${parts(alice).token}`],
    ['left out', 'missing', () => parts(alice).pathname],
    ['of an attempt that does not run', 'spent', () => issued(99, Date.now())],
    ['that is a minute old', 'expired', () => issued(parts(alice).attempt, Date.now() - LIFETIME_MS - 1)],
  ])('opens nothing with its token %s: 401, counted as %s', async (_, reason, path) => {
    const before = await refusals(reason);
    await expect(statusOf(path())).resolves.toBe(401);
    expect(await refusals(reason)).toBe(before + 1);
  });

  it('opens one socket, also when several call at once, and none ever again', async () => {
    const before = await refusals('spent');
    const statuses = await Promise.all(Array.from({ length: 10 }, () => statusOf(alice)));
    expect(statuses.sort()).toEqual([101, ...Array<number>(9).fill(401)]);
    await expect(statusOf(alice)).resolves.toBe(401);
    expect(await refusals('spent')).toBe(before + 10);
    await expect(statusOf(bob)).resolves.toBe(101);
  });
});
