// Compiles the AssemblyScript of libs/audio to a TypeScript module, as the first step of `npm run build`. The module is
// committed, so that tests need no compiler; a spec compares the two.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const audio = fileURLToPath(new URL('../libs/audio/', import.meta.url));
const asc = fileURLToPath(new URL('../node_modules/assemblyscript/bin/asc.js', import.meta.url));
const target = process.argv[2] ?? join(audio, 'resampler.wasm.ts');

function compile(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'wasm-'));
  try {
    const wasm = join(scratch, 'resampler.wasm');
    const options = ['--outFile', wasm, '-Ospeed', '--noAssert', '--runtime', 'stub', '--enable', 'simd'];
    const source = join(audio, 'assembly', 'resampler.as');
    writeFileSync(join(scratch, 'resampler.ts'), readFileSync(source));
    const { status, stderr } = spawnSync(process.execPath, [asc, 'resampler.ts', ...options], {
      cwd: scratch,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    return readFileSync(wasm).toString('base64');
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const lines = compile().match(/.{1,112}/g) ?? [];
writeFileSync(
  target,
  `/** Compiled from assembly/resampler.as by scripts/build-wasm.ts. */\n` +
    `export const RESAMPLER_WASM_BASE64 =\n${lines.map((line) => `  '${line}'`).join(' +\n')};\n`,
);
