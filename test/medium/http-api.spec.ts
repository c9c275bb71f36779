import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import { problem, type ProblemBody } from '../../src/http/problem.js';
import { ROOM, ServiceUnderTest, type SessionView } from './service-under-test.js';

const SECRET = 'a-secret-of-the-medium-tests-only';

describe('the HTTP API', () => {
  let world: ServiceUnderTest;

  beforeAll(async () => {
    world = await ServiceUnderTest.start({ CAPTION_PAGE_TOKEN: 'page.token' });
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
    expect(await statusOf('GET', `/sessions/${id}/transcript`, reader)).toBe(200);
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
    const page = await (await call('GET', '/')).text();
    expect(page).toContain('content="page.token"');
    for (const asset of ['/caption-page.js', '/caption-page.css', '/transcript-view.js']) {
      expect([asset, await statusOf('GET', asset)]).toEqual([asset, 200]);
    }
    expect(await statusOf('GET', '/package.json')).toBe(404);
  });
});
