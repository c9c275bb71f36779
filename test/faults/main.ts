// npm run faults: injects one fault after the other while people talk, and compares what was said with what was received.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { injectFault, type FaultRow } from './inject.js';
import { killName, killUnderLoad, type KillRow } from './kill-under-load.js';
import { egressFaults } from './kinds/egress.js';
import { gladiaFaults } from './kinds/gladia.js';
import { liveKitFaults } from './kinds/livekit.js';
import { faultsInOtherSettings } from './kinds/other-settings.js';
import { roomFaults } from './kinds/room.js';
import { serviceFaults } from './kinds/service.js';
import type { FaultFigures } from './verdict.js';

const { values: options } = parseArgs({
  options: {
    // Parts of names, with commas between.
    only: { type: 'string', default: '' },
    // How many kinds at a time, each in a world of its own.
    'at-once': { type: 'string', default: '2' },
    // Of the one kind that kills the service under load, which has the machine for itself.
    rooms: { type: 'string', default: '20' },
    people: { type: 'string', default: '5' },
    json: { type: 'string' },
    // A folder for what the service prints, what was said and what was received, for each kind.
    logs: { type: 'string' },
  },
});
const killOptions = { rooms: Number(options.rooms), people: Number(options.people), logFolder: options.logs };
const isSelected = (name: string): boolean => options.only.split(',').some((part) => name.includes(part));
const kinds = [
  ...[...egressFaults, ...serviceFaults, ...liveKitFaults],
  ...[...gladiaFaults, ...roomFaults, ...faultsInOtherSettings],
].filter(({ name }) => isSelected(name));
const startMs = Date.now();
if (options.logs !== undefined) mkdirSync(options.logs, { recursive: true });

const rows = await injectAll();
const killRows = isSelected(killName(killOptions)) ? [await killUnderLoad(killOptions)] : [];
for (const row of killRows) print(row, row.note);
report([...rows, ...killRows]);

async function injectAll(): Promise<FaultRow[]> {
  const done = new Map<string, FaultRow>();
  const waiting = [...kinds];
  const work = async (): Promise<void> => {
    for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift()) {
      const row = await injectFault(kind, options.logs);
      print(row, inOneLine(row.figures));
      printDetails(row);
      done.set(kind.name, row);
    }
  };
  await Promise.all(Array.from({ length: Number(options['at-once']) }, work));
  return kinds.flatMap(({ name }) => done.get(name) ?? []);
}

/** One line as soon as a kind is done, with all problems beneath it. */
function print({ name, problems }: FaultRow | KillRow, figures: string): void {
  const seconds = String(Math.round((Date.now() - startMs) / 1000)).padStart(4);
  console.log(`${seconds} s  ${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${name}: ${figures}`);
  for (const problem of problems) console.log(`                ${problem}`);
}

function inOneLine(figures: FaultFigures | undefined): string {
  if (figures === undefined) return 'could not be injected';
  const { words, missingS, reportedMissingS, recoveryS } = figures;
  return `${words} words, missing ${missingS} s, in reported gaps ${reportedMissingS} s, words again after ${recoveryS ?? '-'} s`;
}

function printDetails({ figures, problems }: FaultRow): void {
  if (figures === undefined || problems.length === 0) return;
  const { missing, duplicates, gaps } = figures;
  for (const [name, details] of Object.entries({ missing, duplicates, gaps }))
    if (details.length > 0) console.log(`                ${name}: ${details.join('; ')}`);
}

function report(all: readonly (FaultRow | KillRow)[]): void {
  const failed = all.filter(({ problems }) => problems.length > 0);
  console.log(`\n${table(rows)}\n`);
  for (const { name, note } of killRows) console.log(`${name}: ${note}\n`);
  console.log(`${all.length} kinds of fault, ${failed.length} of them failed`);
  for (const { name, problems } of failed) console.log(`- ${name}: ${problems.join('; ')}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
  process.exit(failed.length === 0 ? 0 : 1);
}

/** The rows as a Markdown table. */
function table(faultRows: readonly FaultRow[]): string {
  const head = ['fault', 'words', 'missing s', 'in reported gaps s', 'words again after s', 'duplicates'];
  const rule = head.map((_, n) => (n === 0 ? '---' : '---:'));
  const cells = ({ name, figures }: FaultRow): string[] => {
    if (figures === undefined) return [name, ...head.slice(1).map(() => '-')];
    const { words, missingS, reportedMissingS, recoveryS } = figures;
    const { duplicateWords, duplicateFinals, duplicateSeqs, duplicateEgresses } = figures;
    const duplicates = duplicateWords + duplicateFinals + duplicateSeqs + duplicateEgresses;
    return [name, ...[words, missingS, reportedMissingS, recoveryS ?? 'never', duplicates].map(String)];
  };
  return [head, rule, ...faultRows.map(cells)].map((line) => `| ${line.join(' | ')} |`).join('\n');
}
