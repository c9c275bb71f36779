import { parseArgs } from 'node:util';
import type { Facts } from './check.js';
import type { CheckResult } from './checks.js';

export interface DoctorOptions {
  readonly json: boolean;
  readonly help: boolean;
  /** Where the service is; undefined: on this host, at PORT. */
  readonly service?: string;
  /** Only this session is looked at; undefined: every one that is live. */
  readonly session?: string;
  readonly probeRoom?: string;
  readonly gladiaSession: boolean;
}

/** The arguments make no sense. The message says which. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Says which leg is broken and what to do, before the service runs and while it does.

  npm run doctor -- [options]        after npm run build; in a container: node dist/doctor.js [options]

  --json               the whole diagnosis as JSON
  --session ID         look at this session only; else at all that are live
  --service URL        where the service is; else http://127.0.0.1:PORT
  --probe-room NAME    start an egress in this room for a moment; the room is made and deleted where there is none
                       of that name. A name that begins with roomscribe-doctor starts no session.
  --gladia-session     open a Gladia session for a moment: takes a place of the account's limit meanwhile
  --help

Exit code: 0 nothing is broken, 1 something is, 2 the arguments are wrong.`;

/** @throws UsageError */
export function parseOptions(args: readonly string[]): DoctorOptions {
  const { json, help, service, session, ...costly } = valuesOf(args);
  if (service !== undefined && !/^https?:\/\/[^/]+\/?$/.test(service)) {
    throw new UsageError('--service must be a URL such as http://127.0.0.1:3001, without a path');
  }
  return {
    json: json === true,
    help: help === true,
    gladiaSession: costly['gladia-session'] === true,
    ...(service !== undefined && { service: service.replace(/\/$/, '') }),
    ...(session !== undefined && { session }),
    ...(costly['probe-room'] !== undefined && { probeRoom: costly['probe-room'] }),
  };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        service: { type: 'string' },
        session: { type: 'string' },
        'probe-room': { type: 'string' },
        'gladia-session': { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the arguments cannot be read');
  }
}

const WIDTH = 110;
const INDENT = ' '.repeat(10);
const MOST_PARTS = 10;
const MARKS = { ok: 'ok', skipped: 'skipped', unknown: 'unknown', broken: 'BROKEN' } as const;

type Worded = Pick<CheckResult, 'state' | 'meaning'> & { readonly remedy?: string; readonly facts?: Facts };

/** The diagnosis for people: a line a row, and below it what was found and what to do, where that is of use. */
export function reportText(results: readonly CheckResult[]): string {
  const broken = results.filter(({ state }) => state === 'broken');
  const [first] = broken;
  const sum =
    first === undefined
      ? 'Nothing that could be asked is broken.'
      : `${broken.length} of ${results.length} rows are broken. Fix \`${first.id}\` first, then look again.`;
  return [...results.map(rowText), '', sum, 'All rows and their remedies: docs/troubleshooting.md'].join('\n');
}

function rowText(result: CheckResult): string {
  const head = `${MARKS[result.state].padEnd(INDENT.length)}${result.id.padEnd(18)} ${result.question}`;
  return [head, ...details(result)].join('\n');
}

function details({ parts, ...result }: CheckResult): string[] {
  const troubled = parts?.filter(({ state }) => state === 'broken' || state === 'unknown') ?? [];
  if (troubled.length === 0) return found(result);
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
  const shown = Object.entries(facts).filter(([, value]) => !Array.isArray(value));
  return shown.length === 0 ? '' : ` [${shown.map(([key, value]) => `${key} ${String(value)}`).join(', ')}]`;
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
