// npm run faults: one fault after the other strikes while people talk. What was lost, for how long, what came twice.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { account, recoveryMs } from './account.mjs';
import { egressFaults } from './kinds/egress.mjs';
import { gladiaFaults } from './kinds/gladia.mjs';
import { roomFaults } from './kinds/room.mjs';
import { serviceFaults } from './kinds/service.mjs';
import { TalkingRoom } from './talking-room.mjs';
import { streaming, World } from './world.mjs';

const BEFORE_MS = 4_000;
const SETTLE_MS = 8_000;

const { values: options } = parseArgs({ options: { only: { type: 'string', default: '' }, json: { type: 'string' } } });
const kinds = [...egressFaults, ...serviceFaults, ...gladiaFaults, ...roomFaults].filter(({ name }) =>
  name.includes(options.only),
);

const rows = [];
for (const kind of kinds) {
  rows.push(await strike(kind));
  console.log(line(rows.at(-1)));
}
const broken = rows.filter((row) => row.error ?? (row.lostS > 2 || row.doubledFinals + row.doubledSeqs > 0));
console.log(
  `\n${rows.length} kinds of fault, ${broken.length} of them with speech lost beyond 2 s or something doubled`,
);
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
process.exit(broken.length === 0 ? 0 : 1);

async function strike(kind) {
  const world = await World.start(kind.env);
  try {
    const room = new TalkingRoom(world.livekit, 'faults', kind.people ?? 1);
    await world.until(room.name, streaming(room.people.length));
    room.start();
    await pause(BEFORE_MS);
    const struckAtMs = Date.now();
    await kind.strike({ world, room });
    await pause(kind.settleMs ?? SETTLE_MS);
    await kind.mend?.({ world, room });
    await room.stop();
    await world.api.post(`/sessions/${(await world.sessionOf(room.name)).id}/end`);
    await world.until(room.name, ({ status }) => status === 'ended');
    return rowOf(kind.name, account(room.said, room.received), recoveryMs(room.received, struckAtMs));
  } catch (error) {
    return { name: kind.name, error: error.message };
  } finally {
    await world.close();
  }
}

function rowOf(name, found, recoveredMs) {
  const seconds = (ms) => Math.round(ms / 10) / 100;
  const { words, lostMs, namedMs, doubledWords, doubledSeqs, missingSeqs, doubledFinals } = found;
  const recoveryS = recoveredMs === undefined ? null : seconds(recoveredMs);
  return {
    name,
    words,
    lostS: seconds(lostMs),
    namedS: seconds(namedMs),
    recoveryS,
    doubledWords,
    doubledFinals,
    doubledSeqs,
    missingSeqs,
  };
}

function line({ name, error, ...row }) {
  if (error !== undefined) return `${name.padEnd(74)} ${error.slice(0, 200)}`;
  const { words, lostS, namedS, recoveryS, doubledWords, doubledFinals, doubledSeqs, missingSeqs } = row;
  return (
    `${name.padEnd(74)} ${words} words, lost ${lostS} s, in named gaps ${namedS} s, ` +
    `words again after ${recoveryS ?? '-'} s, doubled: ${doubledWords} words ${doubledFinals} finals ${doubledSeqs} numbers, ` +
    `${missingSeqs} numbers missing`
  );
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
