import { AsyncLocalStorage } from 'node:async_hooks';
import http, { type IncomingMessage, type Server } from 'node:http';
import net from 'node:net';
import { syncBuiltinESMExports } from 'node:module';
import { MemorySocket } from './memory-socket.js';

interface Route {
  readonly server: Server;
  readonly inContext: ReturnType<typeof AsyncLocalStorage.snapshot>;
}

/** What a client may pass to connect: hosts are names, ports do not matter. */
interface Target {
  readonly host?: string | null;
  readonly hostname?: string | null;
}

const WITHOUT_BODY = new Set([204, 304]);

/**
 * A network of HTTP servers in this process, by host name. While it is installed, every connection that Node's `net` and
 * `http` or `fetch` would make goes to one of them or is refused.
 */
export class MemoryNetwork {
  readonly #routes = new Map<string, Route>();
  readonly #original = {
    connect: net.connect,
    createConnection: (http.Agent.prototype as unknown as { createConnection: unknown }).createConnection,
    fetch: globalThis.fetch,
  };

  install(): void {
    const connect = (target: Target): MemorySocket => this.connect(target);
    Object.assign(net, { connect });
    Object.assign(http.Agent.prototype, { createConnection: connect });
    globalThis.fetch = (input, init) => this.#fetch(new Request(input, init));
    syncBuiltinESMExports();
  }

  uninstall(): void {
    Object.assign(net, { connect: this.#original.connect });
    Object.assign(http.Agent.prototype, { createConnection: this.#original.createConnection });
    globalThis.fetch = this.#original.fetch;
    syncBuiltinESMExports();
  }

  /** The server takes what is sent to the host, in the asynchronous context of this call. */
  serve(host: string, server: Server): void {
    this.#routes.set(host, { server, inContext: AsyncLocalStorage.snapshot() });
    // What Node does when a server begins to listen.
    server.emit('listening');
  }

  unserve(host: string): void {
    this.#routes.delete(host);
  }

  connect(target: Target): MemorySocket {
    const near = new MemorySocket(false);
    const route = this.#routes.get(target.host ?? target.hostname ?? '');
    if (route === undefined) {
      const error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
      process.nextTick(() => near.destroy(error));
      return near;
    }
    route.inContext(() => {
      const far = new MemorySocket(true);
      near.connectTo(far);
      process.nextTick(() => {
        route.server.emit('connection', far);
        near.emit('connect');
      });
    });
    return near;
  }

  async #fetch(request: Request): Promise<Response> {
    const { method, headers, signal } = request;
    const url = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const call = http.request(
        {
          ...{ method, host: url.hostname, path: url.pathname + url.search, agent: false },
          headers: { ...Object.fromEntries(headers), host: url.host, 'content-length': body.length },
          createConnection: () => this.connect({ host: url.hostname }),
        },
        (answer) => void read(answer).then(resolve, reject),
      );
      const onAbort = (): void => {
        reject(signal.reason as Error);
        call.destroy();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      call.on('error', (cause) => reject(new TypeError('fetch failed', { cause })));
      call.end(body);
    });
  }
}

async function read(answer: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  const status = answer.statusCode ?? 0;
  const headers = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Response(WITHOUT_BODY.has(status) ? null : Buffer.concat(chunks), { status, headers });
}
