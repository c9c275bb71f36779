// npm run faults: one fault after the other strikes while people talk. What was lost, for how long, what came twice.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { killUnderLoad } from './kill-under-load.mjs';
import { egressFaults } from './kinds/egress.mjs';
import { faultsElsewhere } from './kinds/elsewhere.mjs';
import { gladiaFaults } from './kinds/gladia.mjs';
import { liveKitFaults } from './kinds/livekit.mjs';
import { roomFaults } from './kinds/room.mjs';
import { serviceFaults } from './kinds/service.mjs';
import { strike } from './strike.mjs';
import { table } from './table.mjs';

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
const underLoad = killUnderLoad({ rooms: Number(options.rooms), people: Number(options.people) });
const isAsked = ({ name }) => options.only.split(',').some((part) => name.includes(part));
const kinds = [
  ...[...egressFaults, ...serviceFaults, ...liveKitFaults],
  ...[...gladiaFaults, ...roomFaults, ...faultsElsewhere],
].filter(isAsked);
const startMs = Date.now();
if (options.logs !== undefined) mkdirSync(options.logs, { recursive: true });

const rows = await all(kinds);
if (isAsked(underLoad)) rows.push(said(await underLoad.run(underLoad, options.logs)));
report();

async function all(waiting) {
  const done = new Map();
  const left = [...waiting];
  const work = async () => {
    for (let kind = left.shift(); kind !== undefined; kind = left.shift())
      done.set(kind, said(await strike(kind, options.logs)));
  };
  await Promise.all(Array.from({ length: Number(options['at-once']) }, work));
  return waiting.map((kind) => done.get(kind));
}

/** One line as soon as a kind is through, with all that is wrong beneath it. */
function said(row) {
  const { name, note, words, lostS, namedS, recoveryS, complaints } = row;
  const figures =
    note ?? `${words} words, lost ${lostS} s, in named gaps ${namedS} s, words again after ${recoveryS} s`;
  const seconds = String(Math.round((Date.now() - startMs) / 1000)).padStart(4);
  console.log(`${seconds} s  ${complaints.length === 0 ? 'well ' : 'WRONG'}  ${name}: ${figures}`);
  for (const complaint of complaints) console.log(`               ${complaint}`);
  for (const what of complaints.length > 0 ? ['lost', 'doubled', 'gaps'] : [])
    if (row[what]?.length > 0) console.log(`               ${what}: ${row[what].join('; ')}`);
  return row;
}

function report() {
  const wrong = rows.filter(({ complaints }) => complaints.length > 0);
  console.log(`\n${table(rows.filter(({ note }) => note === undefined))}\n`);
  for (const { name, note } of rows) if (note !== undefined) console.log(`${name}: ${note}\n`);
  console.log(`${rows.length} kinds of fault, ${wrong.length} of them went wrong`);
  for (const { name, complaints } of wrong) console.log(`- ${name}: ${complaints.join('; ')}`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
  process.exit(wrong.length === 0 ? 0 : 1);
}
