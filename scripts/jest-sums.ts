import { readFileSync } from 'node:fs';

export interface Sums {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What is read of jest's `--json` report. */
interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/**
 * The counts of a jest run, from its exit status and its `--json` report. A spec file that could not run counts as one
 * failure, and so does a run that failed without a failed test or that left no report.
 */
export function jestSums(status: number, reportFile: string): Sums {
  const report = readReport(reportFile);
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: status === 0 ? failed : Math.max(1, failed),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export const inWords = ({ passed, failed, skipped }: Sums): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

function readReport(reportFile: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}
