import { createServer, type Server } from 'node:http';
import { WebSocketServer } from 'ws';
import type { ReachabilityProbe } from '../../livekit/reachability-probe.js';

/** Listens where the service will, so that its address can be tried before it runs: answers probes, and nothing else. */
export class StandInDoor {
  private constructor(
    private readonly server: Server,
    private readonly sockets: WebSocketServer,
  ) {}

  /** Undefined where the port cannot be had. */
  static async open(port: number, probe: Pick<ReachabilityProbe, 'answer'>): Promise<StandInDoor | undefined> {
    const sockets = new WebSocketServer({ noServer: true });
    const server = createServer((request, response) => {
      // What comes without an upgrade is answered as by the service, so that it is told apart in the same way.
      response.writeHead(404).end(`Cannot GET ${request.url ?? ''}`);
    });
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      const answer = probe.answer(request.url, Date.now());
      if (answer === undefined) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(request, socket, head, (client) => {
        client.on('error', () => client.terminate());
        client.send(answer);
        client.close(1000);
      });
    });
    return (await listens(server, port)) ? new StandInDoor(server, sockets) : undefined;
  }

  async close(): Promise<void> {
    for (const client of this.sockets.clients) client.terminate();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => resolve(true));
  });
}
