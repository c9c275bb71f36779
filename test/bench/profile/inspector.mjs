import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The debugger's protocol, as much of it as profiles need. */
export class Inspector {
  #socket;
  #calls = 0;

  static async connect(url) {
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
