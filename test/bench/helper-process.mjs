import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * A helper in a process of its own: it is told things, and asked for its figures. It runs on the processors of its
 * parent, and ends with it.
 */
export class HelperProcess {
  #child;

  /** Resolves with the helper when it has said its first message, which is in `ready`. */
  static async start(moduleUrl, { args = [], onMessage = () => undefined } = {}) {
    const helper = new HelperProcess();
    helper.#child = fork(fileURLToPath(moduleUrl), args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    [helper.ready] = await once(helper.#child, 'message');
    helper.#child.on('message', onMessage);
    return helper;
  }

  get pid() {
    return this.#child.pid;
  }

  tell(message) {
    this.#child.send(message);
  }

  /** What it has counted up to now. */
  async figures(question = {}) {
    this.tell({ ...question, figures: true });
    for await (const [message] of messagesOf(this.#child)) if (message.figures !== undefined) return message.figures;
    throw new Error('the helper ended');
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}

async function* messagesOf(child) {
  while (child.connected) yield await once(child, 'message');
}
