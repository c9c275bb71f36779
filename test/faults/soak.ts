// npm run soak: many rooms talk while a fault is injected every second. Nothing may leak, and every word is accounted for.
// --every 0: no fault at all.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { account } from '../word-accounting/account.js';
import { SeededRandom } from '../talk/seeded-random.js';
import { runningEgresses } from './egresses.js';
import { waitUntil } from './polling.js';
import { FaultInjector } from './soak/fault-injector.js';
import { stillHeld, usageOf, type ServiceUsage } from './soak/service-usage.js';
import { memorySlopes, problemsOf, type SoakFigures, type SpeechFigures, type UsageSample } from './soak/verdict.js';
import { StallWatch } from './stall-watch.js';
import { TalkingRoom } from './talking-room.js';
import { streaming, World } from './world.js';

interface EndedSession {
  readonly id: string;
  readonly room: TalkingRoom;
}

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rooms: { type: 'string', default: '20' },
    people: { type: 'string', default: '5' },
    every: { type: 'string', default: '1' },
    // Nothing but faults whose name contains this.
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    // A folder for what the service prints, the injected faults, and what was said and received in each room.
    logs: { type: 'string' },
  },
});
const [minutes, roomCount, people, everyS] = [
  Number(values.minutes),
  Number(values.rooms),
  Number(values.people),
  Number(values.every),
];
const isCalm = everyS === 0;
const SAMPLE_EVERY_S = 10;
/** Before the first room, what the start needed has been freed. */
const IDLE_MS = 6_000;
const RECOVER_MS = isCalm ? 2_000 : 20_000;
const GONE_WITHIN_MS = 60_000;

if (values.logs !== undefined) mkdirSync(values.logs, { recursive: true });
const world = await World.start({ logFile: values.logs && join(values.logs, 'service.log') });
const watch = new StallWatch();
const startedAtMs = Date.now();
const samples: UsageSample[] = [];
let isOver = false;
try {
  await run();
} finally {
  await world.close();
}

async function run(): Promise<void> {
  await sleep(IDLE_MS);
  const before = await usageOf(world);
  const rooms = await openRooms();
  const injector = new FaultInjector(world, rooms, new SeededRandom(Number(values.seed)), values.only);
  const sampling = sample(Date.now());
  await soak(injector);
  await Promise.all(rooms.map((room) => room.stop()));
  const slopes = memorySlopes(samples, isCalm);
  const sessions = await endSessions(rooms);
  const speech = await speechFigures(sessions);
  for (const room of rooms) room.leave();
  isOver = true;
  writeLog('faults', injector.history);
  await sampling;
  const faults = { injected: injector.counts, failedInjections: injector.failed };
  const figures = { before, ...slopes, speech, ...(await whatIsLeft(before)), ...faults };
  report(figures);
}

async function openRooms(): Promise<TalkingRoom[]> {
  const opened: TalkingRoom[] = [];
  for (let number = 0; number < roomCount; number++) {
    const room = new TalkingRoom(world.livekit, `room-${number}`, people);
    await world.until(room.name, streaming(people), 60_000);
    room.start();
    opened.push(room);
  }
  return opened;
}

async function soak(injector: FaultInjector): Promise<void> {
  const startMs = Date.now();
  const lengthMs = minutes * 60_000;
  console.log(
    `${roomCount} rooms of ${people} talk for ${minutes} minutes; ${isCalm ? 'no' : `every ${everyS} s a`} fault`,
  );
  if (isCalm) return sleep(lengthMs);
  for (let tick = 1; Date.now() - startMs < lengthMs; tick++) {
    await injector.next((Date.now() - startMs) / lengthMs);
    await sleep(Math.max(0, startMs + tick * everyS * 1000 - Date.now()));
  }
  await sleep(RECOVER_MS);
}

/** Samples the service all the time; while it is being restarted there is nothing to see. */
async function sample(startMs: number): Promise<void> {
  while (!isOver) {
    const usage = await usageOf(world).catch(() => undefined);
    if (usage !== undefined) keepSample(Math.round((Date.now() - startMs) / 1000), usage);
    await sleep(SAMPLE_EVERY_S * 1000);
  }
}

function keepSample(atS: number, usage: ServiceUsage): void {
  samples.push({ atS, ...usage });
  const { residentMb, heapMb, externalMb, descriptors, timers, loopDelayP99Ms } = usage;
  console.log(
    `${atS} s: ${residentMb} MB (heap ${heapMb}, external ${externalMb}), ${descriptors ?? '?'} descriptors, ` +
      `${timers} timers, loop p99 ${loopDelayP99Ms} ms`,
  );
}

async function endSessions(rooms: readonly TalkingRoom[]): Promise<EndedSession[]> {
  const sessions: EndedSession[] = [];
  for (const room of rooms) {
    const { id } = await world.until(room.name, () => true);
    sessions.push({ id, room });
    await world.api.post(`/sessions/${id}/end`);
  }
  await Promise.all(rooms.map((room) => room.ended(60_000)));
  return sessions;
}

async function speechFigures(sessions: readonly EndedSession[]): Promise<SpeechFigures> {
  let undeliveredFinals = 0;
  for (const { id, room } of sessions) {
    writeLog(room.name, { startedAtMs, said: room.said, received: room.received });
    undeliveredFinals += await world.undelivered(id, room.received);
  }
  const { latencyMs } = world;
  const accounts = sessions.map(({ room }) => account(room.said, room.received, { latencyMs }));
  const sum = (of: (each: (typeof accounts)[number]) => number): number =>
    accounts.reduce((total, each) => total + of(each), 0);
  return {
    saidWords: sum(({ words }) => words),
    missingMs: sum(({ missingMs }) => missingMs),
    missing: accounts.flatMap(({ missing }) => missing),
    reportedMissingMs: sum(({ reportedMissingMs }) => reportedMissingMs),
    gaps: sum(({ gaps }) => gaps.length),
    misnamedWords: sum(({ misnamedWords }) => misnamedWords),
    duplicateWords: sum(({ duplicateWords }) => duplicateWords),
    duplicates: accounts.flatMap(({ duplicates }) => duplicates),
    duplicateFinals: sum(({ duplicateFinals }) => duplicateFinals),
    duplicateSeqs: sum(({ duplicateSeqs }) => duplicateSeqs),
    missingSeqs: sum(({ missingSeqs }) => missingSeqs),
    undeliveredFinals,
  };
}

function writeLog(name: string, content: object): void {
  if (values.logs !== undefined) writeFileSync(join(values.logs, `${name}.json`), JSON.stringify(content));
}

/** Waits until everything is back at its level of before the rooms, and returns what is not. */
async function whatIsLeft(before: ServiceUsage) {
  let after = before;
  const isGone = async (): Promise<boolean> => {
    after = await usageOf(world);
    return runningEgresses(world.livekit).length === 0 && stillHeld(before, after).length === 0;
  };
  await waitUntil(isGone, GONE_WITHIN_MS, 1_000);
  return { after, stillHeld: stillHeld(before, after), egressesLeft: runningEgresses(world.livekit).length };
}

function report(figures: SoakFigures): void {
  const stalledMs = watch.stop();
  const problems = problemsOf(figures, samples, isCalm);
  const result = { ...figures, stalledMs, problems };
  console.log(JSON.stringify(result, null, 1));
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...result, samples }, null, 2)}\n`);
  console.log(`${problems.length === 0 ? 'ok' : 'FAILED'}: longest stall around the service ${stalledMs} ms`);
  for (const problem of problems) console.log(`- ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
