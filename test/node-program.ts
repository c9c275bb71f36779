import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Compiles a TypeScript program of the tests for plain `node`. @returns the path of the result, which is removed at exit */
export function nodeProgram(source: URL): string {
  const folder = mkdtempSync(join(tmpdir(), 'roomscribe-program-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, basename(source.pathname).replace(/\.ts$/, '.mjs'));
  buildSync({
    entryPoints: [fileURLToPath(source)],
    outfile,
    ...{ bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20' },
  });
  return outfile;
}
