import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AccessToken } from 'livekit-server-sdk';
import { Overload } from '../../src/sessions/overload.port.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';
import { ServiceUnderTest } from './service-under-test.js';

useVirtualTime();

describe('a service whose event loop is too busy', () => {
  let world: ServiceUnderTest;
  let authorization: string;

  beforeAll(async () => {
    world = await ServiceUnderTest.start({ OVERLOAD_LOOP_PERCENT: '99' });
    const token = new AccessToken('devkey', 'a-secret-of-the-medium-tests-only', { identity: 'caller' });
    token.addGrant({ roomCreate: true });
    authorization = `Bearer ${await token.toJwt()}`;
  });
  afterAll(async () => {
    await world.close();
  });

  /** The loop works, or does not, for so long that what it really does changes nothing for a while. */
  const load = (share: 0 | 1): void => {
    const overload = world.service.app.get(Overload);
    jest.spyOn(overload, 'measure').mockReturnValue();
    overload.observe(share, 600_000);
  };
  const post = (path: string, body: object = {}): Promise<Response> =>
    fetch(world.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', authorization },
      body: JSON.stringify(body),
    });
  const create = async (room: string): Promise<string> =>
    ((await (await post('/sessions', { room })).json()) as { id: string }).id;
  const metric = async (name: string): Promise<string | undefined> =>
    new RegExp(`^roomscribe_${name} (.*)$`, 'm').exec(await (await fetch(`${world.url}/metrics`)).text())?.[1];

  it('refuses new sessions and says when to come again, lets those go on that it has, and recovers', async () => {
    const [live, waiting] = [await create('live'), await create('waiting')];
    await post(`/sessions/${live}/live`);
    load(1);

    for (const [path, body] of [
      ['/sessions', { room: 'more' }],
      [`/sessions/${waiting}/live`, {}],
    ] as const) {
      const refused = await post(path, body);
      expect([path, refused.status, refused.headers.get('retry-after')]).toEqual([path, 503, '10']);
      expect(await refused.json()).toMatchObject({
        code: 'too_busy',
        detail: expect.stringContaining('try again in 10 s'),
      });
    }
    expect((await post('/sessions', { room: 'live' })).status).toBe(201);
    expect((await post(`/sessions/${live}/live`)).status).toBe(202);
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(503);
    expect((await fetch(`${world.url}/health/live`)).status).toBe(200);
    expect(await Promise.all(['overloaded', 'sessions_refused_total', 'sessions_live'].map(metric))).toEqual([
      '1',
      '2',
      '1',
    ]);

    load(0);
    expect((await fetch(`${world.url}/health/ready`)).status).toBe(200);
    expect((await post('/sessions', { room: 'more' })).status).toBe(201);
    expect((await post(`/sessions/${waiting}/live`)).status).toBe(202);
    expect(await metric('overloaded')).toBe('0');
  });
});
