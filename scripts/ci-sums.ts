// Adds up what .ci/run collected in a folder. A line of `steps.txt` is `<status> <name>`, which counts as one check,
// or `<status> <name> <report>`, a jest run whose tests count.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inWords, jestSums, type Sums } from './jest-sums.js';

const [reports] = process.argv.slice(2);
if (reports === undefined) throw new Error('usage: ci-sums FOLDER');

let total: Sums = { passed: 0, failed: 0, skipped: 0 };
for (const line of readFileSync(join(reports, 'steps.txt'), 'utf8').trim().split('\n')) {
  const [status, name, report] = line.split(' ');
  const sums = report === undefined ? oneCheck(status === '0') : jestSums(Number(status), join(reports, report));
  if (sums.failed > 0) console.log(`failed: ${name ?? line}`);
  total = {
    passed: total.passed + sums.passed,
    failed: total.failed + sums.failed,
    skipped: total.skipped + sums.skipped,
  };
}
console.log(inWords(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function oneCheck(passed: boolean): Sums {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}
