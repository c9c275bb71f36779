import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { fixRandomness, restoreRandomness } from './fixed-randomness.js';

const USAGE = `npm run replay -- [--quiet] [--update] FILE...
npm run replay -- --record [NAME...]

Replays recorded sessions in virtual time and shows what happens in them.
  --quiet   shows only what differs from the recording
  --update  writes what came out into the recording, to be reviewed as a difference
  --record  plays the scenarios of these names, or all, and writes their recordings
Exit code: 0 all as recorded, 1 something differs, 2 usage.`;

const FOLDER = join(process.cwd(), 'test', 'replay', 'recordings');

// Before the service is loaded, which may keep what it imports.
fixRandomness();
const { difference } = await import('./difference.js');
const { replay } = await import('./player.js');
const { readRecording, writeRecording } = await import('./recording.js');
const { describe } = await import('./timeline.js');

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function recordAll(names: readonly string[]): Promise<number> {
  const { record } = await import('./record.js');
  const { scenarios } = await import('./scenarios/all.js');
  const wanted = scenarios.filter(({ name }) => names.length === 0 || names.includes(name));
  for (const scenario of wanted) {
    const text = writeRecording(await record(scenario));
    writeFileSync(join(FOLDER, `${scenario.name}.jsonl`), text);
    print(`${scenario.name}: ${text.length} bytes`);
  }
  return wanted.length === 0 ? 2 : 0;
}

async function replayFile(file: string, { quiet = false, update = false }): Promise<boolean> {
  const recording = readRecording(readFileSync(file, 'utf8'));
  const actual = await replay(recording);
  const found = difference(recording, actual);
  if (!quiet) {
    print(`${recording.header.name}: ${recording.header.about}`);
    for (const line of actual.lines) print(describe(line));
  }
  if (update) writeFileSync(file, writeRecording(actual));
  print(found ?? `${basename(file)}: as recorded`);
  process.send?.({ name: recording.header.name, difference: found ?? null });
  return found === undefined || update;
}

async function run(): Promise<number> {
  const options = { quiet: { type: 'boolean' }, update: { type: 'boolean' }, record: { type: 'boolean' } } as const;
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.record === true) return recordAll(positionals);
  if (positionals.length === 0) throw new Error('no file is named');
  let same = true;
  for (const file of positionals) same = (await replayFile(file, values)) && same;
  return same ? 0 : 1;
}

process.exitCode = await run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}\n`);
  return 2;
});
restoreRandomness();
