// npm run soak: many rooms talk while a fault strikes every second. Nothing may leak, and every word is accounted for.
// --every 0: no fault at all.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { built } from './built.mjs';
import { undelivered } from './history.mjs';
import { pause, untilFound } from './pause.mjs';
import { seeded } from './random.mjs';
import { Strikes } from './soak/strikes.mjs';
import { heldStill, usage } from './soak/usage.mjs';
import { complaints, memorySlopes } from './soak/verdict.mjs';
import { StallWatch } from './stall-watch.mjs';
import { TalkingRoom } from './talking-room.mjs';
import { streaming, World } from './world.mjs';

const { account } = await built('test/word-accounting/account.js');

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rooms: { type: 'string', default: '20' },
    people: { type: 'string', default: '5' },
    every: { type: 'string', default: '1' },
    // Nothing but faults whose name holds this.
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    // A folder for what the service prints, what struck, and what was said and received in each room.
    logs: { type: 'string' },
  },
});
const [minutes, roomCount, people, everyS] = [values.minutes, values.rooms, values.people, values.every].map(Number);
const isCalm = everyS === 0;
const SAMPLE_EVERY_S = 10;
/** Before the first room, what the start left behind has gone. */
const IDLE_MS = 6_000;
const RECOVER_MS = isCalm ? 2_000 : 20_000;
const GONE_WITHIN_MS = 60_000;

if (values.logs !== undefined) mkdirSync(values.logs, { recursive: true });
const world = await World.start({ logFile: values.logs && join(values.logs, 'service.log') });
const watch = new StallWatch();
const startedAtMs = Date.now();
const samples = [];
let isOver = false;
try {
  await pause(IDLE_MS);
  const before = await usage(world);
  const rooms = await openRooms();
  const strikes = new Strikes({ world, rooms, random: seeded(Number(values.seed)), only: values.only });
  const sampling = sample(Date.now());
  await soak(strikes);
  const sums = await windUp(rooms);
  isOver = true;
  if (values.logs !== undefined) writeDown('strikes', strikes.history);
  await sampling;
  report({ before, ...sums, ...(await whatIsLeft(before)), struck: strikes.struck, failedStrikes: strikes.failed });
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

async function soak(strikes) {
  const startMs = Date.now();
  const lengthMs = minutes * 60_000;
  console.log(
    `${roomCount} rooms of ${people} talk for ${minutes} minutes; ${isCalm ? 'no' : `every ${everyS} s a`} fault`,
  );
  if (isCalm) return pause(lengthMs);
  for (let tick = 1; Date.now() - startMs < lengthMs; tick++) {
    await strikes.next((Date.now() - startMs) / lengthMs);
    await pause(Math.max(0, startMs + tick * everyS * 1000 - Date.now()));
  }
  await pause(RECOVER_MS);
}

/** Looks at the service all the time; while it is being restarted there is nothing to see. */
async function sample(startMs) {
  for (; !isOver; await pause(SAMPLE_EVERY_S * 1000)) {
    const row = await usage(world).catch(() => undefined);
    if (row === undefined) continue;
    samples.push({ atS: Math.round((Date.now() - startMs) / 1000), ...row });
    const { atS, residentMb, heapMb, externalMb, descriptors, timers, loopDelayP99Ms } = samples.at(-1);
    console.log(
      `${atS} s: ${residentMb} MB (heap ${heapMb}, external ${externalMb}), ${descriptors} descriptors, ` +
        `${timers} timers, loop p99 ${loopDelayP99Ms} ms`,
    );
  }
}

/** Everybody stops and all sessions end; what was said and what came of it. */
async function windUp(rooms) {
  await Promise.all(rooms.map((room) => room.stop()));
  const slopes = memorySlopes(samples, isCalm);
  const sessions = [];
  for (const room of rooms) {
    const { id } = await world.until(room.name, () => true);
    sessions.push({ id, room });
    await world.api.post(`/sessions/${id}/end`);
  }
  await Promise.all(rooms.map((room) => room.end(60_000)));
  const speech = await totals(sessions);
  for (const room of rooms) room.leave();
  return { ...slopes, speech };
}

async function totals(sessions) {
  const sums = { saidWords: 0, undeliveredFinals: 0, gaps: 0, lost: [], doubled: [] };
  for (const { id, room } of sessions) {
    if (values.logs !== undefined) writeDown(room.name, { startedAtMs, said: room.said, received: room.received });
    sums.undeliveredFinals += await undelivered(world, id, room.received);
    const { words, lost, doubled, gaps, ...counts } = account(room.said, room.received, world);
    sums.saidWords += words;
    sums.lost.push(...lost);
    sums.doubled.push(...doubled);
    sums.gaps += gaps.length;
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function writeDown(name, content) {
  writeFileSync(join(values.logs, `${name}.json`), JSON.stringify(content));
}

/** Waits for everything to come back to where it was before the rooms, and tells what does not. */
async function whatIsLeft(before) {
  const { egress } = world.livekit;
  let after;
  await untilFound(
    async () => {
      after = await usage(world);
      return egress.running().length === 0 && heldStill(before, after).length === 0;
    },
    GONE_WITHIN_MS,
    1_000,
  );
  return { after, stillHeld: heldStill(before, after), egressesLeft: egress.running().length };
}

function report(found) {
  const standInStalledMs = watch.stop();
  const wrong = complaints({ ...found, isCalm, samples });
  const result = { ...found, standInStalledMs, complaints: wrong };
  console.log(JSON.stringify(result, null, 1));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...result, samples }, null, 2)}\n`);
  console.log(`${wrong.length === 0 ? 'well' : 'WRONG'}: longest standstill around the service ${standInStalledMs} ms`);
  for (const complaint of wrong) console.log(`- ${complaint}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
