import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { endProcess, startNode } from './child-process.js';

const CLOSES_WITHIN_MS = 500;

/** The fake Gladia, in a process of its own, which ends when this one is gone. */
export class GladiaProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** `http://127.0.0.1:{port}`. */
    readonly url: string,
  ) {}

  /**
   * @param root the package's folder, in which `npm run build:sandbox` has been run
   * @throws Error when it ends before it listens
   */
  static async start(root: string): Promise<GladiaProcess> {
    const child = startNode(root, 'dist-sandbox/libs/sandbox/gladia/main.js', { stdio: ['pipe', 'inherit'] });
    const ended = once(child, 'exit').then(() => {
      throw new Error('the fake Gladia ended before it listened: has `npm run build:sandbox` been run?');
    });
    const [url] = (await Promise.race([once(createInterface(child.stdout as Readable), 'line'), ended])) as [string];
    return new GladiaProcess(child, url);
  }

  async close(): Promise<void> {
    await endProcess(this.child, CLOSES_WITHIN_MS);
  }
}
