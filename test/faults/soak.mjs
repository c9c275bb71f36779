// npm run soak: many rooms talk while a fault strikes every second. Nothing may leak, and every word is accounted for.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { account } from './account.mjs';
import { passingFaults } from './kinds/passing.mjs';
import { TalkingRoom } from './talking-room.mjs';
import { streaming, World } from './world.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rooms: { type: 'string', default: '20' },
    people: { type: 'string', default: '5' },
    every: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
  },
});
const [minutes, roomCount, people, everyS] = [values.minutes, values.rooms, values.people, values.every].map(Number);
const random = seeded(Number(values.seed));
const pick = (list) => list[Math.floor(random() * list.length)];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const world = await World.start();
const usage = [];
const struck = {};
let rooms = [];
try {
  rooms = await openRooms();
  const startMs = Date.now();
  console.log(`${roomCount} rooms of ${people} talk; a fault every ${everyS} s for ${minutes} minutes`);
  for (let tick = 1; Date.now() - startMs < minutes * 60_000; tick++) {
    await strike();
    await pause(Math.max(0, startMs + tick * everyS * 1000 - Date.now()));
    if (tick % Math.ceil(30 / everyS) === 0) usage.push(measure((Date.now() - startMs) / 1000));
  }
  await windUp();
} finally {
  await world.close();
}

async function openRooms() {
  const opened = [];
  for (let number = 0; number < roomCount; number++) {
    const room = new TalkingRoom(world.livekit, `room-${number}`, people);
    await world.until(room.name, streaming(people), 60_000);
    room.start();
    opened.push(room);
  }
  return opened;
}

async function strike() {
  const fault = pick(passingFaults);
  struck[fault.name] = (struck[fault.name] ?? 0) + 1;
  await fault.strike({ world, room: pick(rooms), random, pick });
}

/** Everybody stops, all sessions end, and what is left behind is counted. */
async function windUp() {
  await pause(20_000);
  await Promise.all(rooms.map((room) => room.stop()));
  for (const room of rooms) await world.api.post(`/sessions/${(await world.sessionOf(room.name)).id}/end`);
  for (const room of rooms) await world.until(room.name, ({ status }) => status === 'ended', 60_000);
  for (const room of rooms) room.leave();
  await pause(15_000);
  const after = measure(minutes * 60 + 35);
  const egressesLeft = world.livekit.egress.list({ active: true }).length;
  report({ struck, usage, after, egressesLeft, speech: totals() });
}

function totals() {
  const sums = {};
  for (const room of rooms) {
    for (const [name, value] of Object.entries(account(room.said, room.received)))
      sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}

/** What the service holds: memory, file descriptors, and its own gauges. */
function measure(atS) {
  const status = readFileSync(`/proc/${world.service.pid}/status`, 'utf8');
  const rssMb = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024);
  const descriptors = readdirSync(`/proc/${world.service.pid}/fd`).length;
  const row = { atS: Math.round(atS), rssMb, descriptors };
  console.log(`${row.atS} s: ${rssMb} MB, ${descriptors} descriptors`);
  return row;
}

function report(result) {
  console.log(JSON.stringify(result, null, 1));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
  const { speech, egressesLeft } = result;
  const wrong = speech.doubledFinals + speech.doubledSeqs + speech.missingSeqs + egressesLeft;
  process.exitCode = wrong === 0 && speech.lostMs === 0 ? 0 : 1;
}

/** Mulberry32: the same seed gives the same faults. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
