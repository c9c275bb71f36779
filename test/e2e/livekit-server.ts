import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../free-port.js';

export interface LiveKitServerOptions {
  /** The binary. */
  readonly binary: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly webhookUrl?: string;
}

const UP_WITHIN_MS = 20_000;

/** A real livekit-server on loopback, in a process of its own. */
export class LiveKitServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly httpUrl: string,
  ) {}

  static async start(options: LiveKitServerOptions): Promise<LiveKitServer> {
    const port = await freePort();
    const rtcTcpPort = await freePort();
    const udpStart = 40_000 + (process.pid % 100) * 200;
    const config = {
      port,
      bind_addresses: ['127.0.0.1'],
      rtc: {
        node_ip: '127.0.0.1',
        use_external_ip: false,
        enable_loopback_candidate: true,
        tcp_port: rtcTcpPort,
        port_range_start: udpStart,
        port_range_end: udpStart + 199,
      },
      keys: { [options.apiKey]: options.apiSecret },
      ...(options.webhookUrl !== undefined && {
        webhook: { api_key: options.apiKey, urls: [options.webhookUrl] },
      }),
      logging: { level: 'error' },
    };
    const child = spawn(options.binary, ['--config-body', JSON.stringify(config)], { stdio: 'ignore' });
    const server = new LiveKitServer(child, `http://127.0.0.1:${port}`);
    await server.#comesUp();
    return server;
  }

  get wsUrl(): string {
    return this.httpUrl.replace('http', 'ws');
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  async #comesUp(): Promise<void> {
    const deadline = Date.now() + UP_WITHIN_MS;
    for (;;) {
      const up = await fetch(this.httpUrl).then(
        (response) => response.ok,
        () => false,
      );
      if (up) return;
      if (this.child.exitCode !== null) throw new Error(`livekit-server ended with code ${this.child.exitCode}`);
      if (Date.now() > deadline) throw new Error('livekit-server does not answer');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
