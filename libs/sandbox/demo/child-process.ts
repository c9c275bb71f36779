import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Starts a Node program that ends when this process is gone, also by SIGKILL. It is in a process group of its own, so
 * that a terminal's Ctrl-C reaches this process alone, which then ends its children in their order.
 * @param root the package's folder, in which `npm run build:all` has been run
 */
export function startNode(root: string, program: string, { stdio, ...options }: StartOptions): ChildProcess {
  const endWithParent = join(root, 'dist-sandbox', 'libs', 'sandbox', 'demo', 'end-with-parent.js');
  return spawn(process.execPath, ['--import', pathToFileURL(endWithParent).href, join(root, program)], {
    ...options,
    cwd: root,
    detached: true,
    stdio: ['ignore', ...stdio, 'ipc'],
  });
}

interface StartOptions extends Pick<SpawnOptions, 'env'> {
  readonly stdio: readonly [stdout: 'pipe', stderr: 'pipe' | 'inherit'];
}

export const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Ends a process with SIGTERM, or SIGKILL after `graceMs`. Resolves with its exit code; null when a signal ended it. */
export async function endProcess(child: ChildProcess, graceMs: number): Promise<number | null> {
  if (hasEnded(child)) return child.exitCode;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
  return child.exitCode;
}
