import type { Facts } from '../check.js';
import type { Verdict } from '../verdict.js';

const WIDTH = 110;
const INDENT = ' '.repeat(10);
const MOST_PARTS = 10;
const MARKS = { ok: 'ok', skipped: 'skipped', unknown: 'unknown', broken: 'BROKEN' } as const;

type Worded = Pick<Verdict, 'state' | 'meaning'> & { readonly remedy?: string; readonly facts?: Facts };

/** The diagnosis for people: a line a row, and below it what was found and what to do, where that is of use. */
export function reportText(verdicts: readonly Verdict[]): string {
  const broken = verdicts.filter(({ state }) => state === 'broken');
  const [first] = broken;
  const sum =
    first === undefined
      ? 'Nothing that could be asked is broken.'
      : `${broken.length} of ${verdicts.length} rows are broken. Mend \`${first.id}\` first, then look again.`;
  return [...verdicts.map(rowText), '', sum, 'All rows and their remedies: docs/troubleshooting.md'].join('\n');
}

function rowText(verdict: Verdict): string {
  const head = `${MARKS[verdict.state].padEnd(INDENT.length)}${verdict.id.padEnd(18)} ${verdict.question}`;
  return [head, ...details(verdict)].join('\n');
}

function details({ parts, ...verdict }: Verdict): string[] {
  const troubled = parts?.filter(({ state }) => state === 'broken' || state === 'unknown') ?? [];
  if (troubled.length === 0) return found(verdict);
  const shown = troubled.slice(0, MOST_PARTS).flatMap(found);
  const rest = troubled.length - MOST_PARTS;
  return rest > 0 ? [...shown, `${INDENT}… and ${rest} more`] : shown;
}

function found({ state, meaning, remedy, facts = {} }: Worded): string[] {
  if (state === 'ok' && remedy === undefined) return [];
  const said = wrapped(`${meaning}${factsText(facts)}`);
  const list = Object.values(facts).flatMap((value) => (Array.isArray(value) ? (value as string[]) : []));
  const todo =
    remedy === undefined || state === 'skipped' ? [] : wrapped(`${state === 'ok' ? 'Note' : 'To do'}: ${remedy}`);
  return [...said, ...list.flatMap((item) => wrapped(`- ${item}`)), ...todo];
}

function factsText(facts: Facts): string {
  const told = Object.entries(facts).filter(([, value]) => !Array.isArray(value));
  return told.length === 0 ? '' : ` [${told.map(([key, value]) => `${key} ${String(value)}`).join(', ')}]`;
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${INDENT}${word}`);
  }
  return lines;
}
