import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../subjects/free-port.mjs';

const UP_WITHIN_MS = 20_000;

/** A real livekit-server on loopback, from the binary that LIVEKIT_SERVER_BIN names. */
export class LiveKitServer {
  static keys = { apiKey: 'bench', apiSecret: 'a-secret-that-only-the-bench-knows-32' };
  #child;

  static async start(binary) {
    const server = new LiveKitServer();
    const [port, tcpPort] = [await freePort(), await freePort()];
    const { apiKey, apiSecret } = LiveKitServer.keys;
    const config = {
      port,
      bind_addresses: ['127.0.0.1'],
      rtc: {
        node_ip: '127.0.0.1',
        use_external_ip: false,
        enable_loopback_candidate: true,
        tcp_port: tcpPort,
        port_range_start: 54_000,
        port_range_end: 54_199,
      },
      keys: { [apiKey]: apiSecret },
      logging: { level: 'error' },
    };
    server.#child = spawn(binary, ['--config-body', JSON.stringify(config)], { stdio: 'ignore' });
    server.httpUrl = `http://127.0.0.1:${port}`;
    server.wsUrl = `ws://127.0.0.1:${port}`;
    await server.#comesUp();
    return server;
  }

  async stop() {
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  async #comesUp() {
    for (const deadlineMs = performance.now() + UP_WITHIN_MS; performance.now() < deadlineMs; await pause(100)) {
      const answers = await fetch(this.httpUrl).then(
        ({ ok }) => ok,
        () => false,
      );
      if (answers) return;
    }
    throw new Error('livekit-server does not answer');
  }
}
