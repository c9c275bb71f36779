// `npm run check`: every step runs, also after one has failed. `--reports <folder>` keeps the results for .ci/run.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inWords, jestSums } from './jest-sums.js';

interface StepResult {
  readonly name: string;
  readonly passed: boolean;
  readonly line: string;
}

const STEPS = ['format:check', 'lint', 'types', 'borders', 'unused'];
const TESTS = ['test', 'test:integration'];

const { values } = parseArgs({ options: { reports: { type: 'string' } } });
const reports = values.reports ?? mkdtempSync(join(tmpdir(), 'roomscribe-check-'));

const steps = STEPS.map((name) => step(name, [], 'pipe'));
// Elsewhere a run that does not end shows what a test left open; CI must not wait for it.
const onCi = process.env['CI'] === 'true' ? ['--forceExit'] : [];
const tests = TESTS.map((name) =>
  step(name, ['--json', `--outputFile=${join(reports, reportOf(name))}`, ...onCi], 'inherit'),
);
report();

function reportOf(name: string): string {
  return `${name.replace(':', '-')}.jest.json`;
}

function step(name: string, args: readonly string[], stdio: 'pipe' | 'inherit'): StepResult {
  const startMs = performance.now();
  const run = spawnSync('npm', ['run', '--silent', name, '--', ...args], { stdio, encoding: 'utf8' });
  const passed = run.status === 0;
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const line = `${passed ? '✓' : '✗'} ${name.padEnd(16)} ${seconds.padStart(6)} s`;
  console.log(line);
  // Output that the step wrote to our terminal is null here.
  const output = [run.stdout, run.stderr] as (string | null)[];
  if (!passed) console.log(output.filter(Boolean).join('\n'));
  return { name, passed, line };
}

function report(): void {
  const all = [...steps, ...tests];
  const failed = all.filter(({ passed }) => !passed).map(({ name }) => name);
  const lines = all.map(
    ({ name, passed }) => `${passed ? 0 : 1} ${name}${TESTS.includes(name) ? ` ${reportOf(name)}` : ''}\n`,
  );
  appendFileSync(join(reports, 'steps.txt'), lines.join(''));

  console.log(['', ...all.map(({ line }) => line)].join('\n'));
  console.log(failed.length === 0 ? 'All checks passed.' : `Failed: ${failed.join(', ')}.`);
  for (const { name, passed } of tests)
    console.log(`${name}: ${inWords(jestSums(passed ? 0 : 1, join(reports, reportOf(name))))}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
  if (values.reports === undefined) rmSync(reports, { recursive: true });
}
