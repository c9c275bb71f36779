import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { GladiaApi } from './gladia-api.js';
import type { GladiaError } from './gladia-error.js';
import { sessionRequest } from './gladia-session-request.js';
import { settingsFor } from '../stream.spec-kit.js';
import { useVirtualTime } from '../../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

describe('GladiaApi', () => {
  const servers: Server[] = [];
  const signal = new AbortController().signal;

  const apiTo = async (answer: RequestListener, requestTimeoutMs = 15_000): Promise<GladiaApi> => {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return new GladiaApi(settingsFor(`http://127.0.0.1:${port}`, {}, { requestTimeoutMs }));
  };
  const create = (api: GladiaApi): Promise<unknown> => {
    const { account } = settingsFor('http://127.0.0.1');
    return api.createSession(sessionRequest(account, 's', { spoken: [], translateTo: [] }), signal);
  };

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it.each<[string, RequestListener]>([
    ['hangs', () => undefined],
    ['hangs up', (request) => request.socket.destroy()],
    ['sends HTML', (_, response) => response.writeHead(200).end('<html>')],
    ['sends no url', (_, response) => response.writeHead(201).end('{"id":"1"}')],
    ['redirects', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ])('calls a server unavailable that %s', async (_, answer) => {
    await expect(create(await apiTo(answer, 200))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['2', 2_000],
    ['86400', 3_600_000],
    ['soon', 0],
    [new Date(0).toUTCString(), 0],
  ])('reads Retry-After: %s as %i ms', async (retryAfter, retryAfterMs) => {
    const api = await apiTo((_, response) => response.writeHead(429, { 'retry-after': retryAfter }).end());
    await expect(create(api)).rejects.toMatchObject({ kind: 'busy', status: 429, retryAfterMs });
  });

  it('reads Retry-After as a date in the future', async () => {
    const date = new Date(Date.now() + 90_000).toUTCString();
    const api = await apiTo((_, response) => response.writeHead(503, { 'retry-after': date }).end());
    const error = await create(api).catch((thrown: unknown) => thrown as GladiaError);
    expect((error as GladiaError).retryAfterMs).toBeGreaterThan(85_000);
    expect((error as GladiaError).retryAfterMs).toBeLessThanOrEqual(90_000);
  });

  it('keeps what Gladia found invalid, and nothing else that it wrote', async () => {
    const body = { message: 'gladia user not found', validation_errors: ['sample_rate must be one of …'] };
    const api = await apiTo((_, response) => response.writeHead(400).end(JSON.stringify(body)));
    await expect(create(api)).rejects.toMatchObject({
      kind: 'refused',
      message: 'Gladia does not accept the settings',
      problems: body.validation_errors,
    });
  });

  it('reads a result that is not finished, that failed, and that is done', async () => {
    const utterance = { text: ' Hi', start: 0, end: 1 };
    const answers = [
      { status: 'processing', result: null },
      { status: 'error', error_code: 500, result: null },
      { status: 'done', result: { transcription: { utterances: [utterance, 7] } } },
    ];
    const api = await apiTo((_, response) => response.writeHead(200).end(JSON.stringify(answers.shift())));
    expect(await api.result('1', signal)).toMatchObject({ status: 'pending' });
    expect(await api.result('1', signal)).toEqual({ status: 'failed', utterances: [], translations: [], summary: '' });
    expect(await api.result('1', signal)).toMatchObject({ status: 'done', utterances: [{ text: ' Hi' }] });
  });

  it('deletes a session, once post-processing is over', async () => {
    const requested: (string | undefined)[] = [];
    const api = await apiTo((request, response) => {
      requested.push(`${request.method} ${request.url}`);
      response.writeHead(requested.length === 1 ? 403 : 202).end();
    });
    await expect(api.deleteSession('a/b', signal)).rejects.toMatchObject({ kind: 'refused', status: 403 });
    await api.deleteSession('a/b', signal);
    expect(requested[1]).toBe('DELETE /v2/live/a%2Fb');
  });
});
