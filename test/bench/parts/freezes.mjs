import { setTimeout as pause } from 'node:timers/promises';
import { residentBytes } from '../process-usage.mjs';
import { runService, TRACKS_A_SESSION } from './service-run.mjs';

const TRACKS = 200;
const FREEZES_S = [10, 30];
/** The log of sound holds the longest freeze, and is full before, so that it adds nothing to the memory afterwards. */
const LOG_S = 45;
/** Long enough for any beep that was sent to be heard. */
const QUIET_MS = 3_000;
const LOOK_EVERY_MS = 250;
/** Nothing more is behind than a track holds back anyway. */
const CAUGHT_UP_MS = 300;
const CATCH_UP_WITHIN_MS = 120_000;
const MEMORY_AFTER_MS = 60_000;
const FRAME_MS = 10;

/** The whole process stands still while everybody's sound goes on. In each session one person beeps: no beep may be missing. */
export async function measureFreezes(load, say) {
  const rows = [];
  for (const seconds of FREEZES_S) {
    say(`a freeze of ${seconds} s`);
    const sessions = TRACKS / TRACKS_A_SESSION;
    const env = { AUDIO_LOG_S: String(LOG_S) };
    rows.push(await runService({ ...load, tracks: TRACKS, probes: sessions, env }, freezeFor(seconds)));
  }
  return rows;
}

const freezeFor = (seconds) => async (service, rig) => {
  await pause(LOG_S * 1000);
  rig.quiet(true);
  await pause(QUIET_MS);
  await rig.figures();
  rig.quiet(false);
  await pause(QUIET_MS);
  const residentBeforeMb = residentBytes(service.pid) / 1e6;

  process.kill(service.pid, 'SIGSTOP');
  await pause(seconds * 1000);
  process.kill(service.pid, 'SIGCONT');

  const caughtUp = await catchUp(service, rig);
  rig.quiet(true);
  await pause(QUIET_MS);
  const { generator, sink } = await rig.figures();
  await pause(MEMORY_AFTER_MS);
  return {
    seconds,
    ...caughtUp,
    beeps: generator.bursts.length,
    beepsLost: generator.bursts.length - sink.onsets.length,
    sourceLostS: (generator.withheldFrames * FRAME_MS) / 1000 / TRACKS,
    toldLostS: (await service.metric('roomscribe_track_sound_lost_seconds')) / TRACKS,
    namedLostS: (await namedGapS(service)) / TRACKS_A_SESSION,
    residentBeforeMb,
    residentAfterMb: residentBytes(service.pid) / 1e6,
  };
};

/** When all that had waited in the sockets was read, when all of it was out again, and what memory that took at most. */
async function catchUp(service, rig) {
  const startMs = performance.now();
  let readAfterMs = null;
  let residentMostMb = 0;
  for (;;) {
    const sessions = await service.sessions();
    const tracks = sessions.flatMap((session) => session.tracks);
    const elapsedMs = performance.now() - startMs;
    residentMostMb = Math.max(residentMostMb, residentBytes(service.pid) / 1e6);
    const { sentFrames } = (await rig.figures({ keep: true })).generator;
    const received = tracks.reduce((sum, { frames }) => sum + frames, 0);
    if (sentFrames - received < tracks.length * (CAUGHT_UP_MS / FRAME_MS)) readAfterMs ??= elapsedMs;
    const behindMs = Math.max(
      ...tracks.map(({ buffer }) => buffer.bufferedMs),
      ...sessions.map(({ counters }) => counters.backlogMs),
    );
    const isDone = readAfterMs !== null && behindMs < CAUGHT_UP_MS;
    if (isDone || elapsedMs > CATCH_UP_WITHIN_MS) return { readAfterMs, caughtUpAfterMs: elapsedMs, residentMostMb };
    await pause(LOOK_EVERY_MS);
  }
}

/** How many seconds the time line of a session names as lost, in its messages. */
async function namedGapS(service) {
  const [{ id }] = await service.sessions();
  const messages = await service.messagesOf(id);
  const gaps = messages.filter(({ type, status }) => type === 'status' && status === 'gap');
  return gaps.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs) / 1000, 0);
}
