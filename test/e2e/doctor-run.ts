import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface DoctorRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Row {
  readonly id: string;
  readonly state: string;
  readonly finding: string;
  readonly meaning: string;
  readonly remedy?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly parts?: readonly Omit<Row, 'id'>[];
}

/** `npm run doctor -- …`, as an operator runs it, with these variables and no others. */
export async function runDoctor(env: Readonly<Record<string, string>>, ...args: string[]): Promise<DoctorRun> {
  const child = spawn('npm', ['run', '--silent', 'doctor', '--', ...args], {
    cwd: process.cwd(),
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, stdout, stderr };
}

/** What `--json` printed, by the ids of the rows. */
export function rowsOf({ stdout }: DoctorRun): ReadonlyMap<string, Row> {
  const { checks } = JSON.parse(stdout) as { checks: Row[] };
  return new Map(checks.map((row) => [row.id, row]));
}

/** Which rows are broken, and by what. */
export const brokenIn = (run: DoctorRun): string[] =>
  [...rowsOf(run).values()].filter(({ state }) => state === 'broken').map(({ id, finding }) => `${id} ${finding}`);
