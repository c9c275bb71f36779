import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The Gladia stand-in, in a process of its own. */
export class GladiaProcess {
  private constructor(
    private readonly child: ChildProcess,
    /** `http://127.0.0.1:{port}`. */
    readonly url: string,
  ) {}

  /** @param root the package's folder, in which `npm run build` has been run */
  static async start(root: string): Promise<GladiaProcess> {
    const child = spawn(process.execPath, [join(root, 'dist', 'libs', 'sandbox', 'gladia', 'main.js')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return new GladiaProcess(child, url);
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
