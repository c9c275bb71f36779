import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TranscriptReady } from '../../src/events/domain-events.js';
import { EventBus } from '../../src/events/event-bus.js';
import { ROOM, ServiceUnderTest, type SessionView } from './service-under-test.js';

const KEY = Buffer.alloc(32, 7);
const SECRET = `whsec_${KEY.toString('base64')}`;

interface Webhook {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly text?: string; readonly room: string; readonly seq?: number };
}

describe('webhooks', () => {
  let folder: string;
  let world: ServiceUnderTest;
  let receiver: Server;
  let url: string;
  /** Those with a good signature. */
  let received: Webhook[];
  /** The answers that follow; then 204. */
  let answers: number[];
  let wake: () => void;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'roomscribe-webhooks-'));
    [received, answers, wake] = [[], [], () => undefined];
    receiver = createServer((request, response) => {
      void text(request).then((body) => {
        const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
        const mac = createHmac('sha256', KEY)
          .update(`${String(id)}.${String(at)}.${body}`)
          .digest('base64');
        if (signature === `v1,${mac}`) received.push({ ...(JSON.parse(body) as Webhook), id: String(id) });
        response.writeHead(answers.shift() ?? 204).end();
        wake();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    await start();
  });
  afterEach(async () => {
    await world.close();
    receiver.close();
    receiver.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  const start = async (): Promise<void> => {
    const DATABASE_URL = `file:${join(folder, 'words.db')}`;
    world = await ServiceUnderTest.start({ DATABASE_URL, WEBHOOK_URL: url, WEBHOOK_SECRET: SECRET });
  };
  const live = async (): Promise<string> => {
    const { id } = await world.api.post<SessionView>('/sessions', { room: ROOM });
    await world.api.post(`/sessions/${id}/live`);
    return id;
  };
  const says = (id: string, n: number, final = true): void => {
    const segment = {
      ...{ segmentId: `s${n}`, revision: 1, final, text: `text ${n}`, language: 'en', speaker: null, candidates: [] },
      ...{ confidence: 1, startMs: n, endMs: n + 1, words: [], source: 'server' as const },
    };
    world.service.app.get(EventBus, { strict: false }).publish(new TranscriptReady(id, segment));
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const types = (): string[] => received.map(({ type, data }) => data.text ?? type);

  it('tell the life of a session in order, signed, without interims', async () => {
    const id = await live();
    says(id, 1, false);
    says(id, 1);
    says(id, 2);
    await world.api.post(`/sessions/${id}/end`);
    await until(() => types().includes('session.ended'));
    expect(types()).toEqual(['session.live', 'text 1', 'text 2', 'session.ended']);
    expect(received[0]).toMatchObject({ id: `${id}.live`, data: { sessionId: id, room: ROOM } });
    expect(received[1]).toMatchObject({ type: 'transcript.final', data: { room: ROOM, segmentId: 's1', final: true } });
  });

  it('are sent again, with the same id, until they are taken, and what is refused for good is left behind', async () => {
    answers = [503, 204, 400, 400, 400, 400, 400];
    const id = await live();
    says(id, 1);
    says(id, 2);
    await until(() => types().includes('text 2'));
    expect(types()).toEqual(['session.live', 'session.live', ...Array<string>(5).fill('text 1'), 'text 2']);
    expect(new Set(received.map((webhook) => webhook.id)).size).toBe(3);
    const metrics = await (await fetch(`${world.url}/metrics`)).text();
    expect(metrics).toContain('roomscribe_webhook_deliveries_total{outcome="dead"} 1');
  }, 90_000);

  it('stop at 410', async () => {
    answers = [410];
    const id = await live();
    await until(() => received.length === 1);
    says(id, 1);
    await world.api.post(`/sessions/${id}/end`);
    for (;;) if ((await world.api.get<SessionView>(`/sessions/${id}`)).status === 'ended') break;
    expect(types()).toEqual(['session.live']);
  });

  it('go on after a restart where they stopped', async () => {
    const id = await live();
    says(id, 1);
    await until(() => types().includes('text 1'));
    answers = Array<number>(100).fill(503);
    says(id, 2);
    await until(() => types().filter((type) => type === 'text 2').length === 1);
    await world.close();
    answers = [];
    await start();
    await until(() => types().includes('session.ended'));
    expect(types().filter((type) => type === 'session.live' || type === 'text 1')).toHaveLength(2);
    expect(types().at(-2)).toBe('text 2');
  });
});
