import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { EgressInHand } from '../egress-in-hand.js';
import { flood } from './flood-process.js';
import { ROOM, SandboxedService } from './sandboxed-service.js';
import { Speaker } from './speaker.js';

const SOCKETS = 10_000;
/** What a flood may take for a while; a socket that waits takes some 10 kB. */
const MEMORY_BYTES = 200e6;
const LOOP_RESOLUTION_MS = 10;
const PROMPT = { dialDelayMs: 10, answerMs: 10 };

describe('the built service', () => {
  let egress: EgressInHand;
  let world: SandboxedService;
  let address: string;

  beforeEach(async () => {
    egress = await EgressInHand.start();
    world = await SandboxedService.start(PROMPT, {
      EGRESS_WEBSOCKET_BASE_URL: egress.url,
      EGRESS_MAX_CONCURRENT: '1000',
    });
    address = world.service.url.replace('http', 'ws');
  });
  afterEach(async () => {
    await world.close();
    await egress.close();
  });

  const enter = (identity: string): void => void world.livekit.room(ROOM).join({ identity }).publish();
  const dial = async (path: string): Promise<WebSocket> => {
    const socket = new WebSocket(address + path, { headers: { 'Content-Type': 'audio/x-raw' } });
    await once(socket, 'open');
    return socket;
  };
  const metrics = async (): Promise<(name: string) => number> => {
    const text = await (await fetch(`${world.service.url}/metrics`)).text();
    return (name) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1] ?? 0,
      );
  };
  const report = (what: object): void => void process.stdout.write(`${JSON.stringify(what)}\n`);

  it('opens two hundred good sockets that come at once', async () => {
    for (let n = 0; n < 200; n++) enter(`p${n}`);
    const paths = await egress.dialled(200);
    // Node's own histogram begins anew with each look at the metrics.
    await metrics();
    const startedAtMs = performance.now();
    const sockets = await Promise.all(paths.map(dial));
    const connectsMs = Math.round(performance.now() - startedAtMs);
    const loopDelayP99Ms =
      Math.round((await metrics())('nodejs_eventloop_lag_p99_seconds') * 1000) - LOOP_RESOLUTION_MS;
    report({ connects: sockets.length, connectsMs, loopDelayP99Ms });
    expect((await metrics())('roomscribe_audio_sockets')).toBe(200);
    expect(connectsMs).toBeLessThan(10_000);
    expect(loopDelayP99Ms).toBeLessThan(2_000);
    for (const socket of sockets) socket.terminate();
  });

  it(`loses no frame while ${SOCKETS} sockets wait and ${SOCKETS} guess, all of one address, and a good one gets in`, async () => {
    enter('alice');
    const [alice] = await egress.dialled(1);
    const speaker = new Speaker(await dial(alice!));
    const id = await world.streamingSession();
    const before = (await metrics())('process_resident_memory_bytes');

    let most = 0;
    const watch = setInterval(() => {
      void metrics().then((now) => (most = Math.max(most, now('process_resident_memory_bytes'))), ignore);
    }, 250);
    const holding = flood(world.service.url, 'hold', SOCKETS);
    await holding.connected;
    enter('bob');
    const bob = (await egress.dialled(2))[1]!;
    const dialledAtMs = performance.now();
    const second = new Speaker(await dial(bob));
    const goodMs = Math.round(performance.now() - dialledAtMs);
    const held = await holding.over;
    const forged = await flood(world.service.url, 'forge', SOCKETS, 1_000).over;
    clearInterval(watch);
    for (const each of [speaker, second]) each.stop();

    const frames = [speaker.sent, second.sent];
    const heard = async (): Promise<number[]> => {
      const { tracks } = await world.api.get<{ tracks: { identity: string; frames: number }[] }>(`/sessions/${id}`);
      return ['alice', 'bob'].map((name) => tracks.find(({ identity }) => identity === name)?.frames ?? 0);
    };
    await until(async () => (await heard()).join() === frames.join());
    const now = await metrics();
    const cut = (reason: string): number => now(`roomscribe_connections_cut_total{reason="${reason}"}`);
    const cuts = { slow: cut('slow'), crowded: cut('crowded'), full: cut('full'), failing: cut('failing') };
    const loopDelayP99Ms = now('roomscribe_event_loop_delay_p99_seconds') * 1000;
    report({
      frames,
      held,
      forged,
      goodMs,
      cuts,
      rssMb: [before, most].map((bytes) => Math.round(bytes / 1e6)),
      loopDelayP99Ms,
    });

    expect(await heard()).toEqual(frames);
    expect([speaker, second].map(({ socket }) => socket.readyState)).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
    const { counters } = await world.api.get<{ counters: Record<string, number> }>(`/sessions/${id}`);
    expect(counters).toMatchObject({ samplesDropped: 0 });
    expect([held.upgraded, forged.upgraded]).toEqual([0, 0]);
    // A machine with less room refuses some of them by itself.
    expect(cuts.slow + cuts.crowded + cuts.full).toBeGreaterThan(SOCKETS * 0.9);
    expect(now('roomscribe_audio_upgrades_refused_total{status="401",reason="forged"}')).toBeGreaterThan(SOCKETS * 0.9);
    expect(now('roomscribe_connections_pending')).toBeLessThan(10);
    expect(most - before).toBeLessThan(MEMORY_BYTES);
  });
});

const ignore = (): void => undefined;

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadlineMs = Date.now() + 15_000; !(await condition()) && Date.now() < deadlineMs;)
    await new Promise((resolve) => setTimeout(resolve, 50));
}
