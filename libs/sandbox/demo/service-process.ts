import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

export interface ServiceProcessOptions {
  /** The package's folder, in which `npm run build` has been run. */
  readonly root: string;
  /** What the service reads; it inherits nothing else but PATH, and keeps nothing unless told. */
  readonly env: Readonly<Record<string, string>>;
  /** Called with every line that the service prints. */
  readonly onLine?: (line: string) => void;
}

const READY_WITHIN_MS = 20_000;
const ASK_AGAIN_MS = 100;

/** The service as it is deployed: `node dist/main.js` in a process of its own, changed by nothing but variables. */
export class ServiceProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;

  private constructor(
    child: ChildProcess,
    readonly url: string,
  ) {
    this.#child = child;
    this.#exited = once(child, 'exit').then(([code]: unknown[]) => code as number | null);
  }

  /** Resolves when the service says that it is ready. @throws Error when it ends first, or does not become ready. */
  static async start({ root, env, onLine = () => undefined }: ServiceProcessOptions): Promise<ServiceProcess> {
    const child = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
      cwd: root,
      env: { PATH: process.env['PATH'], DATABASE_URL: 'file::memory:', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLine);
    const service = new ServiceProcess(child, `http://127.0.0.1:${env['PORT'] ?? 3001}`);
    await service.#becomesReady();
    return service;
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** Asks it to drain and resolves with its exit code; kills it when it takes longer than `graceMs`. */
  async stop(graceMs = 30_000): Promise<number | null> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs);
    const code = await this.#exited;
    clearTimeout(timer);
    return code;
  }

  /** Ends it without warning. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async #becomesReady(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    while (!(await this.#isReady())) {
      if (this.#child.exitCode !== null) throw new Error(`the service ended with code ${this.#child.exitCode}`);
      if (Date.now() > deadline) {
        await this.kill();
        throw new Error('the service did not become ready');
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }

  async #isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  }
}
