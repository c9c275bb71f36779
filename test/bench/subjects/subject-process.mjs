import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { pinned } from '../processors.mjs';

const READY_WITHIN_MS = 30_000;
const ASK_AGAIN_MS = 50;
const KEPT_LINES = 20;

/** A process under test, on a processor of its own. What it prints is shown only when it ends before its time. */
export class SubjectProcess {
  #child;
  #lines = [];

  constructor(command, { processor, env = process.env, cwd } = {}) {
    const [program, ...args] = pinned(processor, command);
    this.#child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#onLine(line));
    }
  }

  get pid() {
    return this.#child.pid;
  }

  /** The match in what it printed lately. */
  printed(pattern) {
    return this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null);
  }

  /** Resolves when it listens. @throws Error with its last words when it ends first. */
  async listens(port) {
    const deadlineMs = performance.now() + READY_WITHIN_MS;
    while (!(await accepts(port))) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#lines.join('\n')}`);
      if (performance.now() > deadlineMs) throw new Error(`it does not listen: ${this.#lines.join('\n')}`);
      await pause(ASK_AGAIN_MS);
    }
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  #onLine(line) {
    this.#lines = [...this.#lines, line].slice(-KEPT_LINES);
  }
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
