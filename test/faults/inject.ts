import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { account, recoveryMs } from '../word-accounting/account.js';
import { runningEgresses, tracksWithTwoEgresses } from './egresses.js';
import type { FaultKind } from './fault-kind.js';
import { waitUntil } from './polling.js';
import { SETTINGS, type Setting } from './settings.js';
import { StallWatch } from './stall-watch.js';
import { TalkingRoom } from './talking-room.js';
import { problemsOf, round, type FaultFigures } from './verdict.js';
import { streaming, World } from './world.js';

/** The outcome of one kind of fault. */
export interface FaultRow {
  readonly name: string;
  /** Undefined when it could not be injected. */
  readonly figures: FaultFigures | undefined;
  /** How long this process stalled at most. */
  readonly stalledMs: number;
  readonly problems: readonly string[];
}

const BEFORE_MS = 4_000;
const SETTLE_MS = 8_000;
const EGRESSES_END_WITHIN_MS = 10_000;
/** What the fake Egress holds back for a peer that does not read; when it is later itself, it loses sound. */
const STALL_MS = 400;
const TRIES = 3;

/**
 * Injects a fault of that kind while people talk, and measures what was missing, for how long, what came twice. Repeats it
 * when the machine was busy with something else meanwhile.
 */
export async function injectFault(kind: FaultKind, logFolder: string | undefined): Promise<FaultRow> {
  for (let left = TRIES - 1; ; left--) {
    const watch = new StallWatch();
    const row = await injectOnce(kind, logFolder);
    const stalledMs = watch.stop();
    if (stalledMs < STALL_MS) return { ...row, stalledMs };
    if (left === 0)
      return { ...row, stalledMs, problems: [`void: the machine stalled for ${stalledMs} ms`, ...row.problems] };
  }
}

async function injectOnce(kind: FaultKind, logFolder: string | undefined): Promise<Omit<FaultRow, 'stalledMs'>> {
  const { name } = kind;
  const setting = SETTINGS[kind.setting ?? 'tuned'];
  const files = logFolder === undefined ? undefined : join(logFolder, name.replace(/\W+/g, '-'));
  let world: World | undefined;
  try {
    world = await World.start({ ...setting.world, logFile: files && `${files}.log` });
    const figures = await injectInto(world, kind, setting, files);
    return { name, figures, problems: problemsOf(kind, figures) };
  } catch (error) {
    return { name, figures: undefined, problems: [(error as Error).message] };
  } finally {
    await world?.close();
  }
}

async function injectInto(
  world: World,
  kind: FaultKind,
  setting: Setting,
  files: string | undefined,
): Promise<FaultFigures> {
  const { latencyMs } = world;
  const room = new TalkingRoom(world.livekit, 'faults', setting.people);
  await world.until(room.name, streaming(setting.people));
  room.start();
  await sleep(BEFORE_MS);
  const injectedAtMs = Date.now();
  await kind.inject({ world, room });
  await sleep(kind.settleMs ?? SETTLE_MS);
  await kind.undo?.({ world, room });
  const duplicateEgresses = tracksWithTwoEgresses(world.livekit).length;
  const ending = await endSession(world, room);
  if (files !== undefined) await writeRecord(`${files}.json`, world, room, injectedAtMs);
  const found = account(room.said, room.received, { namesSpeakers: setting.namesSpeakers ?? true, latencyMs });
  const recoveredMs = recoveryMs(room.received, injectedAtMs + latencyMs);
  return {
    words: found.words,
    missingS: round(found.missingMs / 1000),
    missing: found.missing,
    reportedMissingS: round(found.reportedMissingMs / 1000),
    gaps: found.gaps,
    recoveryS: recoveredMs === undefined ? null : round((recoveredMs + latencyMs) / 1000),
    misnamedWords: found.misnamedWords,
    duplicateWords: found.duplicateWords,
    duplicates: found.duplicates,
    duplicateFinals: found.duplicateFinals,
    duplicateSeqs: found.duplicateSeqs,
    missingSeqs: found.missingSeqs,
    duplicateEgresses,
    ...ending,
  };
}

async function writeRecord(file: string, world: World, room: TalkingRoom, injectedAtMs: number): Promise<void> {
  const { said, received } = room;
  const transcribed = (await world.gladiaSessions()).map(({ id, finals }) => ({ id, finals }));
  writeFileSync(file, JSON.stringify({ injectedAtMs, said, received, transcribed }));
}

/** Everybody stops talking and the session ends. What is left of it, and what was not delivered. */
async function endSession(world: World, room: TalkingRoom) {
  await room.stop();
  const { id } = await world.until(room.name, () => true);
  await world.api.post(`/sessions/${id}/end`);
  await room.ended(15_000);
  await waitUntil(() => runningEgresses(world.livekit).length === 0, EGRESSES_END_WITHIN_MS);
  return {
    egressesLeft: runningEgresses(world.livekit).length,
    undeliveredFinals: await world.undelivered(id, room.received),
  };
}
