import type { Machine } from './machine.js';

export interface Row {
  readonly name: string;
  readonly value: number | null | undefined;
  readonly digits?: number;
  readonly unit?: string;
  readonly target?: string;
}

/** One table of all that was measured, with the targets beside it. */
export function printReport({ cpu, processors, system, versions }: Machine, rows: readonly Row[]): void {
  console.log(`\n${cpu}, ${processors} processors, ${system}`);
  console.log(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version ?? 'none'}`)
      .join('; '),
  );
  console.log(`\n| figure | measured | target |\n|---|---:|---|`);
  for (const { name, value, digits, unit = '', target = '' } of rows) {
    console.log(`| ${name} | ${number(value, digits)}${value === null ? '' : unit} | ${target} |`);
  }
}

export function number(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return 'not measured';
  return value === Infinity ? '∞' : value.toFixed(digits);
}
