import { join } from 'node:path';
import { carriedTwice, openedSince } from './egresses.mjs';
import { pause } from './pause.mjs';
import { StallWatch } from './stall-watch.mjs';
import { TalkingRoom } from './talking-room.mjs';
import { round } from './verdict.mjs';
import { streaming, World } from './world.mjs';

const BEFORE_MS = 4_000;
const SETTLE_MS = 4_000;
const STREAMING_WITHIN_MS = 60_000;
/** What Egress has captured already when its socket opens. */
const CAPTURE_LEAD_MS = 80;
const LOST_P99_S = 2;

export const killUnderLoad = ({ rooms, people }) => ({
  name: `service is killed (-9) and restarted, ${rooms} rooms of ${people}`,
  run: (kind, logFolder) => killed(kind, { roomCount: rooms, people, logFolder }),
});

/** How much sound each of many tracks loses. Nobody puts it into words here: that would take the processors. */
async function killed({ name }, { roomCount, people, logFolder }) {
  const logFile = logFolder && join(logFolder, 'killed-under-load.log');
  const world = await World.start({ gladia: { recognises: false }, logFile });
  const watch = new StallWatch();
  try {
    const rooms = Array.from({ length: roomCount }, (_, n) => new TalkingRoom(world.livekit, `room-${n}`, people));
    await allStream(world, rooms, people);
    for (const room of rooms) room.start();
    await pause(BEFORE_MS);
    const killedAtMs = Date.now();
    await world.restartService();
    const readyS = round((Date.now() - killedAtMs) / 1000);
    await allStream(world, rooms, people);
    await pause(SETTLE_MS);
    await Promise.all(rooms.map((room) => room.stop()));
    const lost = lostSeconds(world, rooms, killedAtMs);
    const standstillMs = watch.stop();
    return rowOf(name, { lost, readyS, standstillMs, doubledEgresses: carriedTwice(world.livekit).length });
  } finally {
    watch.stop();
    await world.close();
  }
}

async function allStream(world, rooms, people) {
  for (const { name } of rooms) await world.until(name, streaming(people), STREAMING_WITHIN_MS);
}

/** From the last sound of the old egress that arrived to the first of the new one, in ascending order. */
function lostSeconds(world, rooms, killedAtMs) {
  const opened = openedSince(world.livekit, killedAtMs);
  const tracks = rooms.flatMap((room) => room.people.map(({ track }) => track.sid));
  return tracks
    .map((sid) => ((opened.get(sid) ?? Infinity) - killedAtMs + world.latencyMs - CAPTURE_LEAD_MS) / 1000)
    .sort((a, b) => a - b);
}

function rowOf(name, { lost, readyS, standstillMs, doubledEgresses }) {
  const at = (share) => round(lost[Math.ceil(share * lost.length) - 1]);
  const [p50, p99, max] = [at(0.5), at(0.99), at(1)];
  const complaints = [
    ...(p99 > LOST_P99_S ? [`p99 of the lost sound is ${p99} s, not ${LOST_P99_S} s`] : []),
    ...(doubledEgresses > 0 ? [`${doubledEgresses} tracks have two egresses`] : []),
  ];
  const note =
    `lost a track: p50 ${p50} s, p99 ${p99} s, max ${max} s, of ${lost.length}; ` +
    `ready again after ${readyS} s; Egress itself stood still for ${standstillMs} ms at most`;
  return { name, note, lostOfTracksS: { p50, p99, max }, readyS, standstillMs, doubledEgresses, complaints };
}
