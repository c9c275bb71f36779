import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { pinned } from '../processors.js';

const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;
const KEPT_LINES = 20;

export interface SubjectOptions {
  /** The one on which it runs; undefined: any. */
  readonly processor: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** A process under test, on a processor of its own. What it prints is shown only when it ends too early. */
export class SubjectProcess {
  readonly #child: ChildProcess;
  #lines: readonly string[] = [];

  constructor(command: readonly string[], { processor, env = process.env, cwd = process.cwd() }: SubjectOptions) {
    const [program = '', ...args] = pinned(processor, command);
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#onLine(line));
    }
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** The match in what it printed lately. */
  printed(pattern: RegExp): RegExpExecArray | undefined {
    return this.#lines.map((line) => pattern.exec(line)).find((match) => match !== null);
  }

  /** Resolves when it listens. @throws Error with its last lines when it ends first. */
  async listens(port: number): Promise<void> {
    const deadlineMs = performance.now() + READY_WITHIN_MS;
    while (!(await accepts(port))) {
      if (this.#child.exitCode !== null) throw new Error(`it ended: ${this.#lines.join('\n')}`);
      if (performance.now() > deadlineMs) throw new Error(`it does not listen: ${this.#lines.join('\n')}`);
      await sleep(POLL_MS);
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  #onLine(line: string): void {
    this.#lines = [...this.#lines, line].slice(-KEPT_LINES);
  }
}

async function accepts(port: number): Promise<boolean> {
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
