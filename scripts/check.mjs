// The gate: every step runs, also after one has failed. `--reports <folder>` keeps what the steps came to for .ci/run.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inWords, jestSums } from './jest-sums.mjs';

const STEPS = ['format:check', 'lint', 'types', 'borders', 'unused'];
const JEST_REPORT = 'check.jest.json';

const { values } = parseArgs({ options: { reports: { type: 'string' } } });
const reports = values.reports ?? mkdtempSync(join(tmpdir(), 'roomscribe-check-'));

const steps = STEPS.map((name) => step(name, { args: [], stdio: 'pipe' }));
// Elsewhere a run that does not end shows what a test left open; CI is not to wait for it.
const onCi = process.env.CI === 'true' ? ['--forceExit'] : [];
const test = step('test', {
  args: ['--json', `--outputFile=${join(reports, JEST_REPORT)}`, ...onCi],
  stdio: 'inherit',
});
report([...steps, test]);

function step(name, { args, stdio }) {
  const startMs = performance.now();
  const run = spawnSync('npm', ['run', '--silent', name, '--', ...args], { stdio, encoding: 'utf8' });
  const passed = run.status === 0;
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  const line = `${passed ? '✓' : '✗'} ${name.padEnd(12)} ${seconds.padStart(6)} s`;
  console.log(line);
  if (!passed) console.log([run.stdout, run.stderr].filter(Boolean).join('\n'));
  return { name, passed, line };
}

function report(all) {
  const failed = all.filter(({ passed }) => !passed).map(({ name }) => name);
  const lines = all.map(({ name, passed }) => `${passed ? 0 : 1} ${name}${name === 'test' ? ` ${JEST_REPORT}` : ''}\n`);
  appendFileSync(join(reports, 'steps.txt'), lines.join(''));

  console.log(['', ...all.map(({ line }) => line)].join('\n'));
  console.log(failed.length === 0 ? 'The gate is open.' : `The gate is shut by ${failed.join(', ')}.`);
  console.log(`Tests: ${inWords(jestSums(test.passed ? 0 : 1, join(reports, JEST_REPORT)))}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
  if (!values.reports) rmSync(reports, { recursive: true });
}
