import { once } from 'node:events';
import { WebSocket } from 'ws';

const ANNOUNCEMENT = /^Debugger listening on (ws:\S+)/;

/** The debugger's protocol, as much of it as profiles need. */
export class Inspector {
  /** What a process must be started with. */
  static NODE_OPTIONS = ['--inspect=127.0.0.1:0'];
  #socket;
  #calls = 0;

  /** Connects to a service that was started with these options. */
  static async of(service) {
    const [, url] = service.printed(ANNOUNCEMENT);
    const inspector = new Inspector();
    inspector.#socket = new WebSocket(url, { maxPayload: 2 ** 30, perMessageDeflate: false });
    await once(inspector.#socket, 'open');
    return inspector;
  }

  async call(method, params = {}) {
    const id = ++this.#calls;
    this.#socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = await once(this.#socket, 'message');
      const answer = JSON.parse(data);
      if (answer.id === id && answer.error !== undefined) throw new Error(`${method}: ${answer.error.message}`);
      if (answer.id === id) return answer.result;
    }
  }

  close() {
    this.#socket.terminate();
  }
}
