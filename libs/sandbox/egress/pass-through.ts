import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';

/** Hands requests on to another server and its answers back, both unchanged. */
export class PassThrough {
  readonly #tunnels = new Set<Duplex>();

  constructor(private readonly upstreamUrl: string) {}

  /** Drops the WebSockets that are open; an HTTP server knows them no more. */
  close(): void {
    for (const tunnel of this.#tunnels) tunnel.destroy();
  }

  pass(incoming: IncomingMessage, response: ServerResponse): void {
    const outgoing = this.#request(incoming);
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    outgoing.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  }

  /** The same for a WebSocket. */
  upgrade(incoming: IncomingMessage, client: Duplex, head: Buffer): void {
    const outgoing = this.#request(incoming);
    this.#tunnels.add(client);
    client.on('error', () => client.destroy()).on('close', () => this.#tunnels.delete(client));
    outgoing.on('upgrade', (answer, server, serverHead) => {
      client.write(headOf(answer));
      client.write(serverHead);
      server.write(head);
      server.pipe(client).pipe(server);
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('close', () => server.destroy());
    });
    outgoing.on('response', (answer) => {
      client.write(headOf(answer));
      answer.pipe(client);
    });
    outgoing.on('error', () => client.destroy());
    outgoing.end();
  }

  #request(incoming: IncomingMessage): ReturnType<typeof httpRequest> {
    const url = new URL(incoming.url ?? '/', this.upstreamUrl);
    const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const headers = { ...incoming.headers, host: url.host };
    return request(url, { method: incoming.method, headers });
  }
}

function headOf(answer: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let i = 0; i < answer.rawHeaders.length; i += 2)
    lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
