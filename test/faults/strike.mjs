import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { built } from './built.mjs';
import { carriedTwice } from './egresses.mjs';
import { pause, untilFound } from './pause.mjs';
import { SETTINGS } from './settings.mjs';
import { TalkingRoom } from './talking-room.mjs';
import { complaints, round } from './verdict.mjs';
import { streaming, World } from './world.mjs';

const { account, recoveryMs } = await built('libs/sandbox/account/account.js');

const BEFORE_MS = 4_000;
const SETTLE_MS = 8_000;
const EGRESSES_END_WITHIN_MS = 10_000;

/** Lets a fault of that kind strike once while people talk, and gives what was lost, for how long, what came twice. */
export async function strike(kind, logFolder) {
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
    const egressesLeft = await windUp(world, room);
    if (files) writeFileSync(`${files}.json`, JSON.stringify({ struckAtMs, said: room.said, received: room.received }));
    const found = account(room.said, room.received, { ...setting, latencyMs: world.latencyMs });
    const recoveredMs = recoveryMs(room.received, struckAtMs + world.latencyMs);
    const row = { name: kind.name, ...figures(found, recoveredMs, world.latencyMs), doubledEgresses, egressesLeft };
    return { ...row, complaints: complaints(kind, row) };
  } catch (error) {
    return { name: kind.name, error: error.message, complaints: [error.message] };
  } finally {
    await world?.close();
  }
}

/** Everybody stops talking and the session ends. How many egresses are left then. */
async function windUp(world, room) {
  await room.stop();
  const { id } = await world.until(room.name, () => true);
  await world.api.post(`/sessions/${id}/end`);
  await room.end(15_000);
  const { egress } = world.livekit;
  await untilFound(() => egress.running().length === 0, EGRESSES_END_WITHIN_MS);
  return egress.running().length;
}

function figures({ lostMs, namedMs, ...found }, recoveredMs, latencyMs) {
  const recoveryS = recoveredMs === undefined ? null : round((recoveredMs + latencyMs) / 1000);
  return { ...found, lostS: round(lostMs / 1000), namedS: round(namedMs / 1000), recoveryS };
}
