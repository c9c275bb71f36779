import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/**
 * Takes the calls that Egress makes, so that a test can make them itself: the service is told that its sockets are here,
 * and what Egress dials is written down and left unanswered. The service gives a call up after ten seconds.
 */
export class EgressInHand {
  readonly #paths: string[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #unanswered: Duplex[] = [];

  private constructor(private readonly server: Server) {
    server.on('upgrade', ({ url }, socket) => {
      this.#unanswered.push(socket.on('error', () => socket.destroy()));
      this.#paths.push(url ?? '');
      for (const wake of this.#waiting.splice(0)) wake();
    });
  }

  static async start(): Promise<EgressInHand> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new EgressInHand(server);
  }

  /** For `EGRESS_WEBSOCKET_BASE_URL`. */
  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/egress/audio`;
  }

  /** The first `count` addresses that Egress has dialled, path and token. Resolves when there are so many. */
  async dialled(count: number): Promise<string[]> {
    while (this.#paths.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#paths.slice(0, count);
  }

  async close(): Promise<void> {
    for (const socket of this.#unanswered) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }
}
