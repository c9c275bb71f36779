import type { EngineBrain } from './gladia-server.js';
import type { Answer, LiveKitAnswers } from './livekit-server.js';
import { inputsOf, type Header, type Line, type Recording, type TimedInput } from './recording.js';
import { World } from './world.js';

const NEVER: Answer = { status: 0, afterMs: 0 };
const OPENS: Answer = { status: 101, afterMs: 0 };

/** What LiveKit answers where a recording says nothing. */
export const USUAL_ANSWERS: Readonly<Record<string, Answer>> = { SendData: { status: 200, body: {}, afterMs: 3 } };

type Recorded = Extract<TimedInput, { do: 'answer' | 'engine-answer' | 'engine-upgrade' }>;

/** Replays what befell the service in a recording. @returns what came of it, in the form of a recording */
export async function replay(recording: Recording): Promise<Recording> {
  const { header } = recording;
  return { header, lines: await playInputs(header, inputsOf(recording)) };
}

async function playInputs(header: Header, inputs: readonly TimedInput[]): Promise<readonly Line[]> {
  const answers = new Map(inputs.filter(isAnswer).map((input) => [keyOf(input), input]));
  const world = new World(header, livekitAnswers(answers), engineAnswers(answers));
  try {
    await world.begin();
    for (const input of inputs) world.time.at(input.at, () => world.apply(input));
    await world.time.runUntil(header.untilMs);
    await world.conclude();
    return world.outcome.lines;
  } finally {
    world.uninstall();
  }
}

function livekitAnswers(recorded: ReadonlyMap<string, Recorded>): LiveKitAnswers {
  const last = new Map<string, Answer>();
  return (call, n) => {
    const answer = recorded.get(`answer ${call} ${n}`);
    if (answer?.do === 'answer') last.set(call, answer);
    return (answer as Answer | undefined) ?? USUAL_ANSWERS[call] ?? last.get(call) ?? NEVER;
  };
}

function engineAnswers(recorded: ReadonlyMap<string, Recorded>): EngineBrain {
  return {
    answer: ({ method }, n) =>
      Promise.resolve((recorded.get(`engine-answer ${method} ${n}`) as Answer | undefined) ?? NEVER),
    upgrade: (_, n) => Promise.resolve((recorded.get(`engine-upgrade ${n}`) as Answer | undefined) ?? OPENS),
    opened: () => undefined,
    received: () => undefined,
    closed: () => undefined,
  };
}

const isAnswer = (input: TimedInput): input is Recorded =>
  input.do === 'answer' || input.do === 'engine-answer' || input.do === 'engine-upgrade';

const keyOf = (input: Recorded): string =>
  input.do === 'engine-upgrade' ? `${input.do} ${input.n}` : `${input.do} ${input.call} ${input.n}`;
