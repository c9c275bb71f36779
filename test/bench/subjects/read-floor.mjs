import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.mjs';
import { SubjectProcess } from './subject-process.mjs';

const SERVER = fileURLToPath(new URL('read-floor-server.mjs', import.meta.url));

/** The least that Node can do with the bytes: read them into one buffer and forget them. */
export class ReadFloor {
  #process;
  #port;

  static async start({ processor }) {
    const floor = new ReadFloor();
    floor.#port = await freePort();
    floor.#process = new SubjectProcess([process.execPath, SERVER, String(floor.#port)], { processor });
    await floor.#process.listens(floor.#port);
    return floor;
  }

  get pid() {
    return this.#process.pid;
  }

  urlOf() {
    return `tcp://127.0.0.1:${this.#port}`;
  }

  stop() {
    return this.#process.stop();
  }
}
