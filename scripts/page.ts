import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const WEB = join(import.meta.dirname, '..', 'web');
const BUILT = join(WEB, 'dist');

/**
 * Builds the caption page: web/*.ts and the client library become one small file.
 *
 * @returns the paths of the files that the page consists of
 */
export async function buildPage(): Promise<string[]> {
  await mkdir(BUILT, { recursive: true });
  await build({
    entryPoints: [join(WEB, 'caption-page.ts'), join(WEB, 'caption-page.css')],
    outdir: BUILT,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
  await copyFile(join(WEB, 'index.html'), join(BUILT, 'index.html'));
  return ['index.html', 'caption-page.css', 'caption-page.js'].map((name) => join(BUILT, name));
}
