import type { GladiaSandboxOptions } from '../../libs/sandbox/gladia/options.js';
import { EngineSandbox } from './engine-sandbox.js';
import { USUAL_ANSWERS, replay } from './player.js';
import {
  FORMAT_VERSION,
  isInput,
  type EngineAcks,
  type Header,
  type Json,
  type Recording,
  type TimedInput,
} from './recording.js';
import { RoomModel } from './room-model.js';
import { Stage } from './stage.js';
import { ackText, ROOM, World } from './world.js';

/** A session to be recorded. Times are ms since the start; the session is live from about 0.5 s on. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly kinds: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Who is there from the beginning; alice and bob if not given. */
  readonly people?: readonly string[];
  /** Who says what: when, the bundled recording, and by whom and how loud if not by its speaker and as it is. */
  readonly talk: readonly (readonly [atMs: number, of: string, by?: string, gain?: number])[];
  readonly acts?: readonly (readonly [atMs: number, act: (stage: Stage) => void])[];
  readonly endMs: number;
  /** How long it is followed after its end. */
  readonly afterMs?: number;
  readonly engine?: Partial<GladiaSandboxOptions>;
  /** Of `POST /sessions`, beside the room. */
  readonly wishes?: Readonly<Record<string, Json>>;
  /** Whether the session is begun by something else than the API. */
  readonly begunOtherwise?: boolean;
}

const CREATE_MS = 100;
const LIVE_MS = 300;
const AFTER_MS = 7_000;
/** Few partials keep recordings small. */
const USUAL_ENGINE = { partialEveryMs: 700 };

/** Plays the scenario with the sandbox's engine, then replays what befell the service in it: that is the recording. */
export async function record(scenario: Scenario): Promise<Recording> {
  const { name, about, kinds, env = {}, endMs, afterMs = AFTER_MS } = scenario;
  const header: Header = { replay: FORMAT_VERSION, name, about, kinds, env, untilMs: endMs + afterMs };
  const inputs = withShortAcks(await perform(scenario, header));
  return replay({ header, lines: inputs });
}

async function perform(scenario: Scenario, header: Header): Promise<TimedInput[]> {
  const engine = new EngineSandbox({ ...USUAL_ENGINE, ...scenario.engine });
  const room: RoomModel = new RoomModel(
    (ms, input) => stage.later(ms, () => stage.do(input)),
    () => world.time.nowMs,
  );
  const world: World = new World(
    header,
    (call, n, args, start) => {
      const answer = room.answer(call, args, start);
      if (JSON.stringify(answer) !== JSON.stringify(USUAL_ANSWERS[call])) {
        const input = { at: world.time.nowMs, do: 'answer', call, n, ...answer } as const;
        world.outcome.input(world.addresses.hide(input));
      }
      return answer;
    },
    engine,
  );
  const stage = new Stage(world, room, engine);
  try {
    engine.serveIn(world);
    for (const identity of scenario.people ?? ['alice', 'bob']) stage.join(identity);
    await world.begin();
    schedule(scenario, world, stage);
    await world.time.runUntil(header.untilMs);
    await world.conclude();
    return world.outcome.lines.filter(isInput);
  } finally {
    engine.close();
    world.uninstall();
  }
}

function schedule(
  { talk, acts = [], endMs, wishes = {}, begunOtherwise }: Scenario,
  { time }: World,
  stage: Stage,
): void {
  if (begunOtherwise !== true) {
    time.at(CREATE_MS, () => stage.rest('POST', '/sessions', { room: ROOM, ...wishes }));
    time.at(LIVE_MS, () => stage.rest('POST', '/sessions/{session}/live'));
  }
  for (const [atMs, of, by, gain] of talk) time.at(atMs, () => stage.say(of, by, gain));
  for (const [atMs, act] of acts) time.at(atMs, () => act(stage));
  time.at(endMs, () => stage.rest('POST', '/sessions/{session}/end'));
}

type TimedAcks = EngineAcks & { readonly at: number };

/** Acknowledgments of sound, of which there are many a second, in one line as long as they come steadily. */
function withShortAcks(inputs: readonly TimedInput[]): TimedInput[] {
  const shortened: TimedInput[] = [];
  const lines = new Map<number, number>();
  for (const input of inputs) {
    const ack = shortAck(input);
    const line = ack && lines.get(ack.socket);
    const longer = ack && line !== undefined && together(shortened[line] as TimedAcks, ack);
    if (longer) shortened[line] = longer;
    else if (shortened.push(ack ?? input) && ack !== undefined) lines.set(ack.socket, shortened.length - 1);
  }
  return shortened;
}

/** Undefined where the second does not go on steadily from the first. */
function together(run: TimedAcks, ack: TimedAcks): TimedAcks | undefined {
  const { at, id, rate, from, bytes, count } = run;
  const everyMs = count === 1 ? ack.at - at : run.everyMs;
  const goesOn = ack.at === at + count * everyMs && ack.from === from + count * bytes;
  const isAlike = ack.id === id && ack.rate === rate && ack.bytes === bytes;
  return goesOn && isAlike ? { ...run, everyMs, count: count + 1 } : undefined;
}

function shortAck(input: TimedInput): TimedAcks | undefined {
  if (input.do !== 'engine-says') return undefined;
  const { at, socket, message } = input;
  const { session_id: id, data } = (message ?? {}) as unknown as Partial<Acknowledgment>;
  const { byte_range: [from, to] = [0, 0], time_range: [, toS] = [0, 0] } = data ?? {};
  if (id === undefined || to === 0) return undefined;
  const rate = Math.round(to / toS);
  const bytes = to - from;
  if (JSON.stringify(message) !== ackText(id, at, from, bytes, rate)) return undefined;
  return { at, do: 'engine-acks', socket, id, rate, from, bytes, count: 1, everyMs: 0 };
}

interface Acknowledgment {
  readonly session_id: string;
  readonly data: {
    readonly byte_range?: readonly [number, number];
    readonly time_range?: readonly [number, number];
  } | null;
}
