import { expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

it('is what the AssemblyScript source compiles to', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'wasm-spec-'));
  try {
    const compiled = join(scratch, 'resampler.wasm.ts');
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build-wasm.ts', compiled]);
    expect(readFileSync(compiled, 'utf8')).toBe(readFileSync('libs/audio/resampler.wasm.ts', 'utf8'));
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
