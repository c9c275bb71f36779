import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openedSince, tracksWithTwoEgresses } from './egresses.js';
import { StallWatch } from './stall-watch.js';
import { TalkingRoom } from './talking-room.js';
import { inWords, round } from './verdict.js';
import { streaming, World } from './world.js';

export interface KillOptions {
  readonly rooms: number;
  readonly people: number;
  readonly logFolder: string | undefined;
}

export interface KillRow {
  readonly name: string;
  readonly note: string;
  /** Lost sound by track. */
  readonly lostOfTracksS: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly readyS: number;
  readonly stalledMs: number;
  readonly duplicateEgresses: number;
  readonly problems: readonly string[];
}

const BEFORE_MS = 4_000;
const SETTLE_MS = 4_000;
const STREAMING_WITHIN_MS = 60_000;
/** What Egress has captured already when its socket opens. */
const CAPTURE_LEAD_MS = 80;
const LOST_P99_S = 2;

export const killName = ({ rooms, people }: KillOptions): string =>
  `service is killed (-9) and restarted, ${rooms} rooms of ${people}`;

/** How much sound each of many tracks loses. Nothing is transcribed here: that would take the processors. */
export async function killUnderLoad(options: KillOptions): Promise<KillRow> {
  const { rooms: roomCount, people, logFolder } = options;
  const logFile = logFolder && join(logFolder, 'killed-under-load.log');
  const world = await World.start({ gladia: { recognises: false }, logFile });
  const watch = new StallWatch();
  try {
    const rooms = Array.from({ length: roomCount }, (_, n) => new TalkingRoom(world.livekit, `room-${n}`, people));
    await allStream(world, rooms, people);
    for (const room of rooms) room.start();
    await sleep(BEFORE_MS);
    const killedAtMs = Date.now();
    await world.restartService();
    const readyS = round((Date.now() - killedAtMs) / 1000);
    await allStream(world, rooms, people);
    await sleep(SETTLE_MS);
    await Promise.all(rooms.map((room) => room.stop()));
    const lostS = lostSeconds(world, rooms, killedAtMs);
    const duplicateEgresses = tracksWithTwoEgresses(world.livekit).length;
    return rowOf(killName(options), lostS, { readyS, stalledMs: watch.stop(), duplicateEgresses });
  } finally {
    watch.stop();
    await world.close();
  }
}

async function allStream(world: World, rooms: readonly TalkingRoom[], people: number): Promise<void> {
  for (const { name } of rooms) await world.until(name, streaming(people), STREAMING_WITHIN_MS);
}

/** From the last sound of the old egress that arrived to the first of the new one, in ascending order. */
function lostSeconds({ livekit, latencyMs }: World, rooms: readonly TalkingRoom[], killedAtMs: number): number[] {
  const openedMs = openedSince(livekit, killedAtMs);
  return rooms
    .flatMap((room) => room.trackSids)
    .map((sid) => ((openedMs.get(sid) ?? Infinity) - killedAtMs + latencyMs - CAPTURE_LEAD_MS) / 1000)
    .sort((a, b) => a - b);
}

function rowOf(
  name: string,
  lostS: readonly number[],
  figures: Pick<KillRow, 'readyS' | 'stalledMs' | 'duplicateEgresses'>,
): KillRow {
  const at = (share: number): number => round(lostS[Math.ceil(share * lostS.length) - 1] ?? NaN);
  const [p50, p99, max] = [at(0.5), at(0.99), at(1)];
  const problems = [
    ...(p99 > LOST_P99_S ? [`p99 of the lost sound is ${p99} s, not ${LOST_P99_S} s`] : []),
    ...inWords([[figures.duplicateEgresses, 'tracks have two egresses']]),
  ];
  const note =
    `lost a track: p50 ${p50} s, p99 ${p99} s, max ${max} s, of ${lostS.length}; ` +
    `ready again after ${figures.readyS} s; the fake Egress itself stalled for ${figures.stalledMs} ms at most`;
  return { name, note, lostOfTracksS: { p50, p99, max }, ...figures, problems };
}
