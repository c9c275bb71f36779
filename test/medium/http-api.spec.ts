import { createHash, createHmac } from 'node:crypto';
import { get } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import { z } from 'zod';
import { buildPage } from '../../scripts/page.js';
import { accessToken } from '../../libs/sandbox/demo/api-client.js';
import { transcriptSchema, type Message, type TranscriptMessage } from '../../libs/protocol/message.js';
import { problem, type ProblemBody } from '../../src/http/problem.js';
import { MessageJournal } from '../../src/transcripts/message-journal.port.js';
import { SessionStore } from '../../src/sessions/session-store.js';
import { sessionViewSchema } from '../../src/sessions/session-view.js';
import { ROOM, ServiceUnderTest, type SessionView } from './service-under-test.js';

const SECRET = 'a-secret-of-the-medium-tests-only';

describe('the HTTP API', () => {
  let world: ServiceUnderTest;
  let pageToken: string;

  beforeAll(async () => {
    pageToken = await accessToken('devkey', SECRET, { room: ROOM, canSubscribe: true });
    world = await ServiceUnderTest.start({ CAPTION_PAGE_TOKEN: pageToken, CORS_ORIGINS: 'https://app.example.com' });
  });
  afterAll(async () => {
    await world.close();
  });

  const bearer = async (grant: VideoGrant, secret = SECRET): Promise<string> => {
    const token = new AccessToken('devkey', secret, { identity: 'caller' });
    token.addGrant(grant);
    return `Bearer ${await token.toJwt()}`;
  };
  const call = async (method: string, path: string, authorization?: string, body?: unknown): Promise<Response> =>
    fetch(`${world.url}${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(authorization !== undefined && { authorization }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const statusOf = async (...args: Parameters<typeof call>): Promise<number> => (await call(...args)).status;

  it('takes a session from created to live to ended', async () => {
    const admin = await bearer({ roomAdmin: true, room: 'life' });
    const created = await call('POST', '/sessions', admin, { room: 'life', languages: ['en'] });
    expect(created.status).toBe(201);
    const { id, ...rest } = (await created.json()) as SessionView;
    expect(rest).toEqual({ room: 'life', status: 'created' });

    expect(await statusOf('POST', `/sessions/${id}/live`, admin)).toBe(202);
    expect(await statusOf('POST', `/sessions/${id}/live`, admin)).toBe(202);
    const shown = (await (await call('GET', `/sessions/${id}`, admin)).json()) as SessionView;
    expect(shown).toMatchObject({ id, room: 'life', status: 'live', source: 'egress', tracks: [], counters: {} });

    expect(await statusOf('POST', `/sessions/${id}/end`, admin)).toBe(202);
    expect(await statusOf('POST', `/sessions/${id}/end`, admin)).toBe(202);
    expect(await statusOf('POST', `/sessions/${id}/live`, admin)).toBe(409);
    expect(((await (await call('GET', `/sessions/${id}`, admin)).json()) as SessionView).status).toBe('ended');
  });

  it.each([
    ['without a token', '/sessions', ''],
    ['with a forged one', '/livekit/webhook', 'Authorization: Bearer e30.e30.e30\r\n'],
  ])('waits for no body of a request %s', async (_, path, header) => {
    const { hostname, port } = new URL(world.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\n${header}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
    );
    // It ends, since the service closes it.
    expect(await text(socket)).toMatch(/^HTTP\/1.1 401 [^]*"code":"unauthorized"/);
  });

  it('reads a webhook with as much metadata as LiveKit allows, up to a minute early, and no other body of that size', async () => {
    const metadata = 'm'.repeat(512 * 1024);
    const body = JSON.stringify({ event: 'room_started', room: { name: 'big', metadata }, participant: { metadata } });
    const webhook = async (ahead: number): Promise<number> => {
      const nowS = Math.floor(Date.now() / 1000) + ahead;
      const token = new AccessToken('devkey', SECRET);
      token.sha256 = createHash('sha256').update(body).digest('base64');
      const [head, claims] = (await token.toJwt()).split('.').map((part) => Buffer.from(part, 'base64url').toString());
      const signed = [head, JSON.stringify({ ...(JSON.parse(claims!) as object), nbf: nowS, exp: nowS + 300 })]
        .map((part) => Buffer.from(part!).toString('base64url'))
        .join('.');
      const mac = createHmac('sha256', SECRET).update(signed).digest('base64url');
      const headers = { 'Content-Type': 'application/webhook+json', Authorization: `${signed}.${mac}` };
      return (await fetch(`${world.url}/livekit/webhook`, { method: 'POST', headers, body })).status;
    };
    expect([await webhook(0), await webhook(55), await webhook(90)]).toEqual([200, 200, 401]);
    const admin = await bearer({ roomAdmin: true, room: 'big' });
    expect(await statusOf('POST', '/sessions', admin, { room: 'big', metadata })).toBe(413);
  });

  it('lets nobody choose what the operator decides alone, such as the region', async () => {
    const admin = await bearer({ roomAdmin: true, room: 'locked' });
    const refused = await call('POST', '/sessions', admin, { room: 'locked', options: { region: 'us-west' } });
    expect([refused.status, await refused.json()]).toMatchObject([
      403,
      { code: 'forbidden', errors: [{ path: 'options.region' }] },
    ]);
    expect(await statusOf('POST', '/sessions', admin, { room: 'locked', options: { sentiment: true } })).toBe(201);
  });

  it('knows no other session', async () => {
    const admin = await bearer({ roomCreate: true });
    for (const [method, path] of [
      ['GET', '/sessions/none'],
      ['GET', '/sessions/none/transcript'],
      ['GET', '/sessions/none/events'],
      ['POST', '/sessions/none/live'],
      ['POST', '/sessions/none/end'],
    ] as const) {
      expect([path, await statusOf(method, path, admin)]).toEqual([path, 404]);
    }
  });

  it('asks for a token, a good one, with the grant that the call needs', async () => {
    const reader = await bearer({ roomJoin: true, room: ROOM });
    const { id } = await world.api.post<SessionView>('/sessions', { room: ROOM });
    expect(await statusOf('POST', '/sessions', undefined, { room: ROOM })).toBe(401);
    expect(await statusOf('GET', '/sessions')).toBe(401);
    expect(await statusOf('GET', `/sessions/${id}/events`)).toBe(401);
    expect(
      await statusOf('POST', '/sessions', await bearer({ roomCreate: true }, 'another secret'), { room: ROOM }),
    ).toBe(401);
    expect(await statusOf('POST', '/sessions', reader, { room: ROOM })).toBe(403);
    expect(await statusOf('POST', `/sessions/${id}/end`, reader)).toBe(403);
    expect(await statusOf('GET', `/sessions/${id}`, reader)).toBe(200);
    const stranger = await bearer({ roomJoin: true, room: 'elsewhere' });
    expect(await statusOf('GET', `/sessions/${id}`, stranger)).toBe(403);
    expect(await (await call('GET', '/sessions', stranger)).json()).toEqual([]);
  });

  it('says what is wrong with a body', async () => {
    const response = await call('POST', '/sessions', await bearer({ roomCreate: true }), {
      languages: ['english'],
      sauce: 1,
    });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as ProblemBody;
    const lines = errors?.map(({ path, message }) => `${path}: ${message}`).join('\n');
    expect(lines).toMatch(/room: .*\n.*languages\.0: must be an ISO 639-1 code/);
    expect(lines).toContain('sauce');
  });

  it('takes a webhook only with a signature over its raw body', async () => {
    const post = async (authorization: string): Promise<number> => {
      const headers = { 'Content-Type': 'application/webhook+json', authorization };
      return (
        await fetch(`${world.url}/livekit/webhook`, { method: 'POST', headers, body: '{"event":"room_started"}' })
      ).status;
    };
    expect(await post('')).toBe(401);
    expect(await post((await bearer({ roomCreate: true })).slice('Bearer '.length))).toBe(401);
    const good = new AccessToken('devkey', SECRET);
    good.sha256 = Buffer.from(
      await crypto.subtle.digest('SHA-256', new TextEncoder().encode('{"event":"room_started"}')),
    ).toString('base64');
    expect(await post(await good.toJwt())).toBe(200);
  });

  it('serves health, metrics, the API’s description and the page without a token', async () => {
    for (const path of [
      '/health',
      '/health/live',
      '/health/ready',
      '/egress/health',
      '/metrics',
      '/docs',
      '/docs-json',
    ]) {
      expect([path, await statusOf('GET', path)]).toEqual([path, 200]);
    }
    const health = (await (await call('GET', '/health')).json()) as { status: string; info: object };
    expect(health.status).toBe('ok');
    expect(Object.keys(health.info).sort()).toEqual([
      'accepting',
      'database',
      'egress',
      'eventLoop',
      'gladia',
      'livekit',
      'load',
    ]);
    await buildPage();
    const page = await (await call('GET', '/')).text();
    expect(page).toContain(`content="${pageToken}"`);
    for (const asset of ['/caption-page.js', '/caption-page.css']) {
      expect([asset, await statusOf('GET', asset)]).toEqual([asset, 200]);
    }
    expect(await statusOf('GET', '/package.json')).toBe(404);
  });

  it('answers every error as a problem document with a code', async () => {
    const admin = await bearer({ roomCreate: true });
    const { id } = await world.api.post<SessionView>('/sessions', { room: ROOM });
    const speaker = await bearer({ roomJoin: true, room: ROOM });
    const reader = await bearer({ roomAdmin: true, room: ROOM });
    const over = (await (await call('POST', '/sessions', admin, { room: 'over' })).json()) as SessionView;
    await call('POST', `/sessions/${over.id}/end`, admin);
    const expected: [string, ...Parameters<typeof call>][] = [
      ['401 unauthorized', 'GET', '/sessions'],
      ['401 unauthorized', 'POST', '/livekit/webhook', undefined, { event: 'room_started' }],
      ['403 forbidden', 'POST', `/sessions/${id}/end`, speaker],
      ['404 not_found', 'GET', '/sessions/none', admin],
      ['404 not_found', 'GET', '/nowhere'],
      ['404 not_found', 'GET', '/package.json'],
      ['400 invalid_request', 'GET', `/sessions/${id}/transcript.exe`, reader],
      ['400 invalid_request', 'GET', `/sessions/${id}/messages?types=transcript,noise`, reader],
      ['403 forbidden', 'GET', `/sessions/${id}/messages`, admin],
      ['404 no_session', 'GET', '/rooms/nowhere/session', admin],
      ['401 unauthorized', 'GET', `/sessions/${id}/events?ticket=guess`, reader],
      ['400 invalid_request', 'GET', '/sessions?page=2', admin],
      ['400 invalid_request', 'GET', '/health?verbose=1'],
      ['405 method_not_allowed', 'PUT', `/sessions/${id}`, admin],
      ['405 method_not_allowed', 'POST', '/metrics'],
      ['409 session_ended', 'POST', `/sessions/${over.id}/live`, admin],
      ['409 session_not_live', 'POST', `/sessions/${id}/transcript`, speaker, { final: true, text: 'Hello' }],
    ];
    for (const [wanted, method, path, ...rest] of expected) {
      const response = await call(method, path, ...rest);
      expect([path, response.headers.get('content-type')]).toEqual([path, 'application/problem+json; charset=utf-8']);
      const { status, code, type, title, detail } = (await response.json()) as ProblemBody;
      expect([method, path, `${response.status} ${code}`]).toEqual([method, path, wanted]);
      expect({ status, type, title, detail }).toEqual({
        ...{ status: response.status, type: 'about:blank', title: expect.any(String), detail: expect.any(String) },
      });
    }
  });

  it('refuses an upgrade with a problem document', async () => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' };
    const { status, type, body } = await new Promise<{ status: number; type: string; body: string }>(
      (resolve, reject) => {
        get(`${world.url}/egress/audio/none/TR_none`, { headers }, (response) => {
          const { statusCode = 0, headers } = response;
          void text(response).then((body) =>
            resolve({ status: statusCode, type: headers['content-type'] ?? '', body }),
          );
        }).on('error', reject);
      },
    );
    expect([status, type]).toEqual([401, 'application/problem+json']);
    const detail = 'the token is missing, expired or not for this track';
    expect(JSON.parse(body)).toEqual(problem(401, 'unauthorized', detail));
  });

  it('answers HEAD and OPTIONS, and does not keep who asks for the head of the events', async () => {
    const admin = await bearer({ roomAdmin: true, room: ROOM });
    const { id } = await world.api.post<SessionView>('/sessions', { room: ROOM });
    for (const path of [`/sessions/${id}`, `/sessions/${id}/events`, '/metrics', '/'])
      expect([path, await statusOf('HEAD', path, admin)]).toEqual([path, 200]);
    const options = await call('OPTIONS', `/sessions/${id}/transcript`);
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, POST, OPTIONS']);
  });

  const nextOf = (response: Response): string | undefined => {
    const link = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    return link === undefined ? undefined : new URL(link, response.url).href.slice(world.url.length);
  };
  /** Every page of a list, as a reader gets them who follows the links. */
  const pagesOf = async <T>(path: string, authorization: string): Promise<T[][]> => {
    const pages: T[][] = [];
    for (let next: string | undefined = path; next !== undefined && pages.length < 10;) {
      const response = await call('GET', next, authorization);
      pages.push((await response.json()) as T[]);
      next = nextOf(response);
    }
    return pages;
  };

  it('lists sessions by pages, oldest first, also those that only the database has', async () => {
    const admin = await bearer({ roomCreate: true });
    const make = async (room: string): Promise<string> =>
      ((await (await call('POST', '/sessions', admin, { room })).json()) as SessionView).id;
    const rooms = ['page-1', 'page-2', 'page-3', 'page-4', 'page-5'];
    const before = new Date().toISOString();
    const past = {
      room: 'page-past',
      status: 'ended',
      source: 'egress',
      options: { spoken: [], translateTo: [] },
    } as const;
    const store = world.service.app.get(SessionStore, { strict: false });
    await store.save({ ...past, id: 'past', createdAtMs: Date.now() });
    for (const room of rooms) await make(room);
    const ended = await make('page-6');
    await call('POST', `/sessions/${ended}/end`, admin);

    const pages = await pagesOf<SessionView>(`/sessions?limit=3&from=${before}`, admin);
    expect(pages.map((page) => page.map(({ room }) => room))).toEqual([
      ['page-past', 'page-1', 'page-2'],
      ['page-3', 'page-4', 'page-5'],
      ['page-6'],
    ]);
    const list = async (query: string, token = admin): Promise<string[]> =>
      ((await (await call('GET', `/sessions?${query}`, token)).json()) as SessionView[]).map(({ room }) => room);
    expect(await list(`from=${before}&status=ended`)).toEqual(['page-past', 'page-6']);
    expect(await list(`from=${before}&status=created`)).toEqual(rooms);
    expect(await list('room=page-3')).toEqual(['page-3']);
    expect(await list(`to=${before}&room=page-3`)).toEqual([]);
    const reader = await bearer({ roomJoin: true, room: 'page-past' });
    expect(await list('', reader)).toEqual(['page-past']);
    expect(await list('room=page-3', reader)).toEqual([]);
    expect(await statusOf('GET', '/sessions/past', reader)).toBe(200);
  });

  it('shows the session that a room has now', async () => {
    const admin = await bearer({ roomAdmin: true, room: 'now' });
    const running = async (token = admin): Promise<Response> => call('GET', '/rooms/now/session', token);
    expect((await running()).status).toBe(404);
    const { id } = (await (await call('POST', '/sessions', admin, { room: 'now' })).json()) as SessionView;
    expect(await (await running()).json()).toMatchObject({ id, room: 'now', status: 'created' });
    expect((await running(await bearer({ roomJoin: true, room: 'then' }))).status).toBe(403);
    await call('POST', `/sessions/${id}/end`, admin);
    expect((await running()).status).toBe(404);
  });

  it('lets pages of the listed origins call it, preflights included', async () => {
    const from = async (origin: string, method: string, more = {}): Promise<[number, string | null, string | null]> => {
      const headers = { Origin: origin, ...more };
      const response = await fetch(`${world.url}/sessions`, { method, headers });
      const header = (name: string): string | null => response.headers.get(`access-control-${name}`);
      return [response.status, header('allow-origin'), header('allow-headers')];
    };
    const preflight = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' };
    const origin = 'https://app.example.com';
    expect(await from(origin, 'GET')).toEqual([401, origin, null]);
    expect(await from(origin, 'OPTIONS', preflight)).toEqual([204, origin, 'Authorization,Content-Type,Last-Event-ID']);
    expect((await from('https://evil.example.com', 'GET')).slice(1)).toEqual([null, null]);
    expect((await from('https://evil.example.com', 'OPTIONS', preflight))[1]).toBeNull();
  });

  it('lists the finals of a transcript by pages', async () => {
    const admin = await bearer({ roomAdmin: true, room: ROOM });
    const { id } = await world.api.post<SessionView>('/sessions', { room: ROOM });
    const journal = world.service.app.get(MessageJournal, { strict: false });
    const final = (seq: number): Message => ({
      ...{ v: 1, type: 'transcript', sessionId: id, seq, segmentId: `s${seq}`, revision: 1, final: true },
      ...{
        text: `text ${seq}`,
        language: 'en',
        speaker: null,
        confidence: 1,
        startMs: seq,
        endMs: seq,
        source: 'server',
      },
      startedAt: '2026-01-01T10:00:00.000Z',
    });
    for (let seq = 1; seq <= 120; seq++) await journal.append(final(seq), 0);
    const pages = await pagesOf<TranscriptMessage>(`/sessions/${id}/transcript`, admin);
    expect(pages.map((page) => [page[0]?.seq, page.at(-1)?.seq])).toEqual([
      [1, 100],
      [101, 120],
    ]);
    const rest = await pagesOf<TranscriptMessage>(`/sessions/${id}/transcript?after=110&limit=6`, admin);
    expect(rest.map((page) => page.map(({ seq }) => seq))).toEqual([
      [111, 112, 113, 114, 115, 116],
      [117, 118, 119, 120],
    ]);
    expect(await pagesOf(`/sessions/${id}/transcript?after=120`, admin)).toEqual([[]]);
    expect(z.array(transcriptSchema).parse(pages.flat())).toHaveLength(120);
    await journal.append({ v: 1, type: 'status', sessionId: id, seq: 121, status: 'gap', message: 'gap' }, 0);
    const messages = await pagesOf<Message>(`/sessions/${id}/messages?after=118&limit=2`, admin);
    expect(messages.map((page) => page.map(({ seq, type }) => `${seq} ${type}`))).toEqual([
      ['119 transcript', '120 transcript'],
      ['121 status'],
    ]);
    const statuses = await pagesOf<Message>(`/sessions/${id}/messages?types=status`, admin);
    expect(statuses.map((page) => page.map(({ seq }) => seq))).toEqual([[121]]);
    const plain = await (await call('GET', `/sessions/${id}/transcript.txt`, admin)).text();
    expect(plain.split('\n')).toHaveLength(121);
  });

  describe('in its description', () => {
    interface Operation {
      readonly operationId: string;
      readonly security: readonly object[];
      readonly parameters?: readonly { readonly name: string }[];
      readonly responses: Readonly<Record<string, { readonly content?: object }>>;
    }
    let operations: (Operation & { readonly method: string; readonly path: string })[];

    beforeAll(async () => {
      const document = (await (await call('GET', '/docs-json')).json()) as {
        readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
      };
      operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
        Object.entries(byMethod).map(([method, operation]) => ({ ...operation, method, path })),
      );
    });

    it('has every route, each open only to those that it names', async () => {
      expect(operations).toHaveLength(21);
      const open = operations.filter(({ security }) => security.length === 0).map(({ path }) => path);
      expect(open.sort()).toEqual(['/egress/health', '/health', '/health/live', '/health/ready', '/metrics']);
      for (const { method, path, security } of operations) {
        if (security.length === 0) continue;
        const response = await call(
          method.toUpperCase(),
          path.replace('{form}', 'vtt').replace('{id}', 'one').replace('{room}', 'red').replace('{identity}', 'alice'),
        );
        expect([method, path, response.status]).toEqual([method, path, 401]);
      }
    });

    it('says what each answer holds', () => {
      for (const { operationId, responses } of operations)
        for (const [status, { content }] of Object.entries(responses))
          expect([operationId, status, content !== undefined]).toEqual([operationId, status, status !== '204']);
    });

    it('has a session as it is shown', async () => {
      const admin = await bearer({ roomCreate: true });
      const { id } = await world.api.post<SessionView>('/sessions', { room: ROOM });
      const shown: unknown = await (await call('GET', `/sessions/${id}`, admin)).json();
      expect(sessionViewSchema.parse(shown)).toEqual(shown);
    });
  });
});
