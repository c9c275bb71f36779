import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { endProcess, hasEnded, startNode } from './child-process.js';

export interface ServiceProcessOptions {
  /** The package's folder, in which `npm run build:all` has been run. */
  readonly root: string;
  /** What the service reads; it inherits nothing else but PATH, and stores nothing without DATABASE_URL. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with every line that the service prints. */
  readonly onLine?: (line: string) => void;
  /** Gives the start up: the service is ended, and `start` throws the signal's reason. */
  readonly signal?: AbortSignal;
}

const READY_WITHIN_MS = 20_000;
const POLL_MS = 100;

/** The service as it is deployed: `node dist/main.js` in a process of its own, which ends when this one is gone. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** Resolves when the service says that it is ready. @throws Error when it ends first, or does not become ready. */
  static async start(options: ServiceProcessOptions): Promise<ServiceProcess> {
    const { root, onLine = () => undefined } = options;
    const env = { PATH: process.env['PATH'], DATABASE_URL: 'file::memory:', ...options.env };
    const child = startNode(root, 'dist/main.js', { env, stdio: ['pipe', 'pipe'] });
    for (const output of [child.stdout, child.stderr]) createInterface(output as Readable).on('line', onLine);
    const service = new ServiceProcess(child, `http://127.0.0.1:${options.env['PORT'] ?? 3001}`);
    try {
      await service.#becomesReady(options.signal);
    } catch (error) {
      await service.kill();
      throw error;
    }
    return service;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Asks it to drain and resolves with its exit code; kills it when it takes longer than `graceMs`. */
  async stop(graceMs = 30_000): Promise<number | null> {
    return endProcess(this.child, graceMs);
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    if (hasEnded(this.child)) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  async #becomesReady(signal?: AbortSignal): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await this.#isReady())) {
      signal?.throwIfAborted();
      if (hasEnded(this.child)) throw new Error(`the service ended with code ${this.child.exitCode}`);
      if (Date.now() > deadline) throw new Error('the service did not become ready');
      await setTimeout(POLL_MS);
    }
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  }
}
