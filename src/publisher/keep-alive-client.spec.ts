import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { KeepAliveClient } from './keep-alive-client.js';
import { useVirtualTime } from '../../libs/testing/virtual-time.spec-kit.js';

useVirtualTime();

describe('KeepAliveClient', () => {
  const ends: (() => void)[] = [];
  afterEach(() => ends.splice(0).forEach((end) => end()));

  async function serving(answer: RequestListener): Promise<{ url: URL; sockets: Socket[] }> {
    const sockets: Socket[] = [];
    const server = createServer({ keepAliveTimeout: 60_000 }, answer);
    server.on('connection', (socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close().closeAllConnections());
    return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path`), sockets };
  }

  it('sends headers and body, and resolves with the status', async () => {
    const seen: string[] = [];
    const { url } = await serving((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        seen.push(
          `${request.method} ${request.url} ${request.headers.authorization} ${Buffer.concat(parts).toString()}`,
        );
        response.writeHead(503, { 'Retry-After': '2' }).end('busy');
      });
    });
    expect(await new KeepAliveClient(url, 5_000).post({ Authorization: 'Bearer t' }, '{"é":1}')).toEqual({
      status: 503,
      retryAfter: '2',
    });
    expect(seen).toEqual(['POST /path Bearer t {"é":1}']);
  });

  it('uses one connection again and again', async () => {
    const { url, sockets } = await serving((_, response) => response.end('{}'));
    const connections = new KeepAliveClient(url, 5_000);
    for (let call = 0; call < 5; call++) expect(await connections.post({}, '{}')).toMatchObject({ status: 200 });
    expect(sockets).toHaveLength(1);
  });

  it('sends a request again that met a connection being closed', async () => {
    let calls = 0;
    const { url, sockets } = await serving((request, response) => {
      calls += 1;
      if (calls === 2) request.socket.resetAndDestroy();
      else response.end('{}');
    });
    const connections = new KeepAliveClient(url, 5_000);
    expect(await connections.post({}, '1')).toMatchObject({ status: 200 });
    expect(await connections.post({}, '2')).toMatchObject({ status: 200 });
    expect(calls).toBe(3);
    expect(sockets).toHaveLength(2);
  });

  it('rejects when nobody is there, and when no answer comes', async () => {
    await expect(new KeepAliveClient(new URL('http://127.0.0.1:1/'), 5_000).post({}, '')).rejects.toThrow();
    const { url } = await serving(() => undefined);
    await expect(new KeepAliveClient(url, 50).post({}, '')).rejects.toThrow('no answer within 50 ms');
  });
});
