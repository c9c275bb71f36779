import { parseArgs } from 'node:util';
import { SINK_TALKS, type SinkTalk } from './load/stt-session.js';

const USUAL_PARTS = ['chain', 'latency', 'resampler', 'sound', 'memory', 'processes', 'loop', 'attribution'] as const;
/** Those that take minutes are measured only when they are named. */
const LONG_PARTS = ['gladia-faults', 'freezes', 'soak'] as const;
const PARTS = [...USUAL_PARTS, ...LONG_PARTS, 'sources'] as const;

export type Part = (typeof PARTS)[number];

export interface BenchOptions {
  readonly only: readonly Part[];
  readonly tracks: number;
  readonly soakMs: number;
  readonly windowMs: number;
  readonly rounds: number;
  readonly talk: SinkTalk;
  /** A file for the figures. */
  readonly json: string | undefined;
  /** Two files for profiles, without their extension. */
  readonly profile: string | undefined;
}

const LONGEST_WINDOW_S = 60;
const MOST_TRACKS = 2000;

const USAGE = `npm run bench -- [options]
  --only ${PARTS.join(',')}    some parts only
  --tracks 400     tracks of the full load, two a session
  --minutes 30     length of the soak, 1 to 600
  --seconds 10     length of each measured window, 2 to ${LONGEST_WINDOW_S}
  --rounds 2       how often the service and its peers take turns, 1 to 5
  --talk steady    what the speech-to-text sink says: silent, steady (one partial every 200 ms, always the same, as the
                   peer's sink does), lively (every partial is another, and every chunk is acknowledged)
  --json FILE      writes the figures as JSON, too
  --profile FILE   instead of all that: FILE.cpuprofile and FILE.heapprofile of the service under load`;

/** Reads the command line. Prints the usage and ends the process when the options are invalid. */
export function readOptions(args: string[]): BenchOptions {
  try {
    const { values } = parseArgs({
      args,
      options: {
        only: { type: 'string', default: USUAL_PARTS.join(',') },
        tracks: { type: 'string', default: '400' },
        minutes: { type: 'string', default: '30' },
        seconds: { type: 'string', default: '10' },
        rounds: { type: 'string', default: '2' },
        talk: { type: 'string', default: 'steady' },
        json: { type: 'string' },
        profile: { type: 'string' },
      },
    });
    return {
      only: values.only.split(',').map((part) => oneOf('only', part, PARTS)),
      tracks: 2 * Math.round(within('tracks', values.tracks, 10, MOST_TRACKS) / 2),
      soakMs: 60_000 * within('minutes', values.minutes, 1, 600),
      windowMs: 1000 * within('seconds', values.seconds, 2, LONGEST_WINDOW_S),
      rounds: Math.round(within('rounds', values.rounds, 1, 5)),
      talk: oneOf('talk', values.talk, SINK_TALKS),
      json: values.json,
      profile: values.profile,
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

function oneOf<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((each) => each === text);
  if (choice === undefined) throw new Error(`--${name} ${text}: choose from ${choices.join(', ')}`);
  return choice;
}

function within(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!(number >= least && number <= most)) throw new Error(`--${name} must be between ${least} and ${most}`);
  return number;
}
