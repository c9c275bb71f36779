import { setTimeout as sleep } from 'node:timers/promises';
import type { Rig } from '../load/rig.js';
import { residentBytes } from '../process-usage.js';
import type { Service } from '../subjects/service.js';
import { runService, TRACKS_A_SESSION, type Progress, type TrackLoad } from './service-run.js';

const TRACKS = 200;
const FREEZES_S = [10, 30];
/** The audio log holds the longest freeze, and is full before, so that it adds nothing to the memory afterwards. */
const LOG_S = 45;
/** Long enough for any beep that was sent to arrive. */
const QUIET_MS = 3_000;
const POLL_MS = 250;
/** A track buffers as much anyway. */
const CAUGHT_UP_MS = 300;
const CATCH_UP_WITHIN_MS = 120_000;
const MEMORY_AFTER_MS = 60_000;
const FRAME_MS = 10;

interface CatchUp {
  /** When all that had waited in the sockets was read; null: never. */
  readonly readAfterMs: number | null;
  /** When all of it was sent on. */
  readonly caughtUpAfterMs: number;
  readonly residentMostMb: number;
}

export interface FreezeFigures extends CatchUp {
  readonly seconds: number;
  readonly beeps: number;
  readonly beepsMissing: number;
  /** Per track: lost before it came to the service. */
  readonly withheldS: number;
  /** Per track: lost in all, as the service counts it. */
  readonly countedMissingS: number;
  /** Per track: published as gaps. */
  readonly reportedMissingS: number;
  readonly residentBeforeMb: number;
  readonly residentAfterMb: number;
}

/** The whole process is frozen while everybody's sound goes on. In each session one person beeps: no beep may be missing. */
export async function measureFreezes(load: TrackLoad, progress: Progress): Promise<FreezeFigures[]> {
  const rows: FreezeFigures[] = [];
  for (const seconds of FREEZES_S) {
    progress(`a freeze of ${seconds} s`);
    const sessions = TRACKS / TRACKS_A_SESSION;
    const env = { AUDIO_LOG_S: String(LOG_S) };
    const freeze = (service: Service, rig: Rig): Promise<FreezeFigures> => freezeFor(seconds, service, rig);
    rows.push(await runService({ ...load, tracks: TRACKS, probes: sessions, env }, freeze));
  }
  return rows;
}

async function freezeFor(seconds: number, service: Service, rig: Rig): Promise<FreezeFigures> {
  await sleep(LOG_S * 1000);
  rig.quiet(true);
  await sleep(QUIET_MS);
  await rig.figures();
  rig.quiet(false);
  await sleep(QUIET_MS);
  const residentBeforeMb = residentBytes(service.pid) / 1e6;

  process.kill(service.pid, 'SIGSTOP');
  await sleep(seconds * 1000);
  process.kill(service.pid, 'SIGCONT');

  const caughtUp = await catchUp(service, rig);
  rig.quiet(true);
  await sleep(QUIET_MS);
  const { generator, sink } = await rig.figures();
  await sleep(MEMORY_AFTER_MS);
  return {
    seconds,
    ...caughtUp,
    beeps: generator.bursts.length,
    beepsMissing: generator.bursts.length - sink.onsets.length,
    withheldS: (generator.withheldFrames * FRAME_MS) / 1000 / TRACKS,
    countedMissingS: (await service.metric('roomscribe_track_missing_audio_seconds_total')) / TRACKS,
    reportedMissingS: (await reportedGapsS(service)) / TRACKS_A_SESSION,
    residentBeforeMb,
    residentAfterMb: residentBytes(service.pid) / 1e6,
  };
}

async function catchUp(service: Service, rig: Rig): Promise<CatchUp> {
  const startMs = performance.now();
  let readAfterMs: number | null = null;
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
    await sleep(POLL_MS);
  }
}

/** How many seconds one session has published as gaps. */
async function reportedGapsS(service: Service): Promise<number> {
  const [session] = await service.sessions();
  if (session === undefined) throw new Error('there is no session');
  const messages = await service.messagesOf(session.id);
  return messages.reduce((sum, message) => {
    if (message.type !== 'status' || message.status !== 'gap') return sum;
    return sum + ((message.endMs ?? 0) - (message.startMs ?? 0)) / 1000;
  }, 0);
}
