import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { Deferred } from '../../src/async/deferred.js';
import { PATIENCE_MS, pathOf, recordingNames } from './recordings.js';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * All recordings, replayed by `npm run replay` in a process of its own: outside jest's contexts that takes a fifth of the
 * time. The types are checked by `npm run types`.
 */
describe('recorded sessions, replayed', () => {
  const names = recordingNames();
  const results = new Map(names.map((name) => [name, new Deferred<string | null>()]));
  let child: ChildProcess;
  let output = '';

  beforeAll(() => {
    execFileSync('npx', ['tsc', '-p', 'test/replay/tsconfig.json', '--noCheck'], { cwd: ROOT });
    child = fork(join(ROOT, 'dist-replay/test/replay/main.js'), ['--quiet', ...names.map(pathOf)], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
    child.on('message', ({ name, difference }: { name: string; difference: string | null }) =>
      results.get(name)?.resolve(difference),
    );
    child.once('exit', () => {
      for (const [name, result] of results) result.resolve(`the replay ended before ${name}:\n${output}`);
    });
  }, PATIENCE_MS);

  afterAll(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  it.each(names)('%s', async (name) => expect(await results.get(name)?.promise).toBeNull(), PATIENCE_MS);
});
