import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built } from './built.mjs';
import { carriedTwice } from './egresses.mjs';
import { undelivered } from './history.mjs';
import { pause, untilFound } from './pause.mjs';
import { SETTINGS } from './settings.mjs';
import { StallWatch } from './stall-watch.mjs';
import { TalkingRoom } from './talking-room.mjs';
import { complaints, round } from './verdict.mjs';
import { streaming, World } from './world.mjs';

const { account, recoveryMs } = await built('test/word-accounting/account.js');

const BEFORE_MS = 4_000;
const SETTLE_MS = 8_000;
const EGRESSES_END_WITHIN_MS = 10_000;
/** What the stand-in of Egress holds back for who does not read; when it is later itself, it loses sound. */
const STALL_MS = 400;
const TRIES = 3;

/**
 * Lets a fault of that kind strike while people talk, and gives what was lost, for how long, what came twice. Once more,
 * when the machine had something else to do meanwhile.
 */
export async function strike(kind, logFolder) {
  for (let left = TRIES - 1; ; left--) {
    const watch = new StallWatch();
    const row = await strikeOnce(kind, logFolder);
    const stalledMs = watch.stop();
    if (stalledMs < STALL_MS) return { ...row, stalledMs };
    if (left === 0)
      return { ...row, complaints: [`void: the machine stood still for ${stalledMs} ms`, ...row.complaints] };
  }
}

async function strikeOnce(kind, logFolder) {
  const setting = SETTINGS[kind.setting ?? 'tuned'];
  const files = logFolder && join(logFolder, kind.name.replace(/\W+/g, '-'));
  let world;
  try {
    world = await World.start({ ...setting.world, logFile: files && `${files}.log` });
    const room = new TalkingRoom(world.livekit, 'faults', setting.people);
    await world.until(room.name, streaming(setting.people));
    room.start();
    await pause(BEFORE_MS);
    const struckAtMs = Date.now();
    await kind.strike({ world, room });
    await pause(kind.settleMs ?? SETTLE_MS);
    await kind.mend?.({ world, room });
    const doubledEgresses = carriedTwice(world.livekit).length;
    const left = await windUp(world, room);
    if (files) await writeDown(`${files}.json`, world, room, struckAtMs);
    const found = account(room.said, room.received, { ...setting, latencyMs: world.latencyMs });
    const recoveredMs = recoveryMs(room.received, struckAtMs + world.latencyMs);
    const row = { name: kind.name, ...figures(found, recoveredMs, world.latencyMs), doubledEgresses, ...left };
    return { ...row, complaints: complaints(kind, row) };
  } catch (error) {
    return { name: kind.name, error: error.message, complaints: [error.message] };
  } finally {
    await world?.close();
  }
}

async function writeDown(file, world, { said, received }, struckAtMs) {
  const heardByGladia = (await world.gladiaKnob('sessions')).map(({ id, finals }) => ({ id, finals }));
  writeFileSync(file, JSON.stringify({ struckAtMs, said, received, heardByGladia }));
}

/** Everybody stops talking and the session ends. What is left of it, and what did not come. */
async function windUp(world, room) {
  await room.stop();
  const { id } = await world.until(room.name, () => true);
  await world.api.post(`/sessions/${id}/end`);
  await room.end(15_000);
  const { egress } = world.livekit;
  await untilFound(() => egress.running().length === 0, EGRESSES_END_WITHIN_MS);
  return { egressesLeft: egress.running().length, undeliveredFinals: await undelivered(world, id, room.received) };
}

function figures({ lostMs, namedMs, ...found }, recoveredMs, latencyMs) {
  const recoveryS = recoveredMs === undefined ? null : round((recoveredMs + latencyMs) / 1000);
  return { ...found, lostS: round(lostMs / 1000), namedS: round(namedMs / 1000), recoveryS };
}
