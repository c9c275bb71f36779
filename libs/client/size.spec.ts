import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const MOST_BYTES = 3_000;

const bundle = (entry: string): Promise<string> =>
  build({
    entryPoints: [`libs/client/${entry}.ts`],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    external: ['react'],
    write: false,
  }).then(({ outputFiles }) => outputFiles[0]!.text);

describe('the size of @roomscribe/client', () => {
  it(`is at most ${MOST_BYTES} bytes for its entry, minified and compressed`, async () => {
    expect(gzipSync(await bundle('index'), { level: 9 }).byteLength).toBeLessThanOrEqual(MOST_BYTES);
  });

  it('has nothing of zod or of Node', async () => {
    for (const entry of ['index', 'react', 'element']) {
      expect(await bundle(entry)).not.toMatch(/zod|node:|process\./i);
    }
  });
});
