import { parseArgs } from 'node:util';

/** Those that take minutes are measured only when they are named. */
const LONG_PARTS = ['gladia-faults', 'freezes', 'soak'];
const USUAL_PARTS = ['chain', 'latency', 'resampler', 'sound', 'memory', 'processes', 'loop', 'attribution'];
export const PARTS = [...USUAL_PARTS, ...LONG_PARTS, 'sources'];

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

/** What the command line asks for. Ends the process with the usage when it makes no sense. */
export function readOptions(args) {
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
      only: partsOf(values.only),
      tracks: 2 * Math.round(within('tracks', values.tracks, 10, MOST_TRACKS) / 2),
      soakMs: 60_000 * within('minutes', values.minutes, 1, 600),
      windowMs: 1000 * within('seconds', values.seconds, 2, LONGEST_WINDOW_S),
      rounds: Math.round(within('rounds', values.rounds, 1, 5)),
      talk: oneOf('talk', values.talk, ['silent', 'steady', 'lively']),
      json: values.json,
      profile: values.profile,
    };
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    return process.exit(2);
  }
}

function partsOf(list) {
  const parts = list.split(',');
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Error(`--only: there is no ${unknown.join(', ')}`);
  return parts;
}

function oneOf(name, text, choices) {
  if (!choices.includes(text)) throw new Error(`--${name} must be one of ${choices.join(', ')}`);
  return text;
}

function within(name, text, least, most) {
  const number = Number(text);
  if (!(number >= least && number <= most)) throw new Error(`--${name} must be between ${least} and ${most}`);
  return number;
}
