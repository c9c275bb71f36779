import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Service } from '../subjects/service.js';

const ANNOUNCEMENT = /^Debugger listening on (ws:\S+)/;

interface Answer {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: unknown;
}

/** The Chrome DevTools protocol, as much of it as profiles need. */
export class Inspector {
  /** What a process must be started with. */
  static readonly NODE_OPTIONS = ['--inspect=127.0.0.1:0'];
  #calls = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** Connects to a service that was started with these options. */
  static async of(service: Service): Promise<Inspector> {
    const url = service.printed(ANNOUNCEMENT)?.[1];
    if (url === undefined) throw new Error('the service has printed no debugger address');
    const socket = new WebSocket(url, { maxPayload: 2 ** 30, perMessageDeflate: false });
    await once(socket, 'open');
    return new Inspector(socket);
  }

  async call(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#calls;
    this.socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = (await once(this.socket, 'message')) as [Buffer];
      const answer = JSON.parse(data.toString()) as Answer;
      if (answer.id !== id) continue;
      if (answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
      return answer.result;
    }
  }

  close(): void {
    this.socket.terminate();
  }
}
