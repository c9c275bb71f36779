// Adds up what .ci/run collected in a folder. A line of `steps.txt` is `<status> <name>`, which counts as one check,
// or `<status> <name> <report>`, a jest run whose tests count.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inWords, jestSums } from './jest-sums.mjs';

const reports = process.argv[2];
const total = { passed: 0, failed: 0, skipped: 0 };

for (const line of readFileSync(join(reports, 'steps.txt'), 'utf8').trim().split('\n')) {
  const [status, name, report] = line.split(' ');
  const sums = report ? jestSums(Number(status), join(reports, report)) : oneCheck(status === '0');
  if (sums.failed > 0) console.log(`failed: ${name}`);
  for (const outcome of Object.keys(total)) total[outcome] += sums[outcome];
}
console.log(inWords(total));
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

function oneCheck(passed) {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}
