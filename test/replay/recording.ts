/** Of the file format. A reader refuses every other. */
export const FORMAT_VERSION = 1;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** The first line of a recording. */
export interface Header {
  readonly replay: number;
  readonly name: string;
  /** What happens, for people. */
  readonly about: string;
  /** What kinds of trouble it holds. */
  readonly kinds: readonly string[];
  /** Environment variables of the service beside the usual ones. */
  readonly env: Readonly<Record<string, string>>;
  /** Until when it is replayed. */
  readonly untilMs: number;
}

/** Somebody who calls the service's API. */
export type Caller = 'backend' | { readonly identity: string; readonly name?: string };

export interface EngineAcks {
  readonly do: 'engine-acks';
  readonly socket: number;
  readonly id: string;
  readonly rate: number;
  readonly from: number;
  readonly bytes: number;
  readonly count: number;
  readonly everyMs: number;
}

/** What befalls the service. Times are ms since the start of the recording. */
export type Input =
  /** A request to the service's own API. */
  | { do: 'rest'; method: string; path: string; body?: Json; as?: Caller }
  | { do: 'webhook'; event: JsonObject }
  /** A microphone picks up a bundled recording from now on, or from a point within it. */
  | { do: 'talk'; track: string; of: string; gain?: number; fromMs?: number }
  /** The microphone is switched off or on: its sound is silence, and an Egress says so in a text message. */
  | { do: 'mute'; track: string; muted: boolean }
  /** The Egress of the nth start call connects and streams what its tracks pick up. */
  | { do: 'dial'; egress: number }
  /** That Egress closes its socket: 1005 is its regular end, `reset` that of a dead worker. */
  | { do: 'hang-up'; egress: number; with: number | 'reset' }
  /** Nothing more comes from it, and its socket stays open. */
  | { do: 'vanish'; egress: number }
  /** Its frames are held back, and come all at once. */
  | { do: 'hold'; egress: number; forMs: number }
  /** LiveKit's answer to the nth call of a method, so long after the call; status 0: none ever comes. */
  | { do: 'answer'; call: string; n: number; status: number; body?: Json; afterMs: number }
  /** Gladia's answer to the nth call of an HTTP method. */
  | { do: 'engine-answer'; call: string; n: number; status: number; body?: Json; headers?: JsonObject; afterMs: number }
  /** What becomes of the nth upgrade, so long after it: 101 opens a socket. Sockets are counted from 1. */
  | { do: 'engine-upgrade'; n: number; status: number; afterMs: number }
  | { do: 'engine-says'; socket: number; message: Json }
  /** Acknowledgments of sound, so many, each of so many bytes; `rate` is that of the sound in bytes per second. */
  | EngineAcks
  /** The socket is closed with a code, reset, no longer read for a while, or dead while it stays open. */
  | { do: 'engine-closes'; socket: number; with: number | 'reset' }
  | { do: 'engine-stops-reading'; socket: number; forMs: number }
  | { do: 'engine-dies'; socket: number }
  /** The service's process stands still. */
  | { do: 'stall'; forMs: number }
  /** The service is killed as with -9; `start` begins another one on the same database. */
  | { do: 'kill' }
  | { do: 'start' };

export type TimedInput = Input & { readonly at: number };

/** What the service does. The field `out` says what it is; the rest depends on it. */
export type Output = JsonObject & { readonly at: number; readonly out: string };

export type Line = TimedInput | Output;

export interface Recording {
  readonly header: Header;
  readonly lines: readonly Line[];
}

export const isInput = (line: Line): line is TimedInput => 'do' in line;
const isOutput = (line: Line): line is Output => 'out' in line;
export const inputsOf = ({ lines }: Recording): TimedInput[] => lines.filter(isInput);
export const outputsOf = ({ lines }: Recording): Output[] => lines.filter(isOutput);

/** One line of JSON for the header, and one for each thing that happened, in the order in which it did. */
export const writeRecording = ({ header, lines }: Recording): string =>
  [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join('');

/** @throws Error when it is no recording, or of another version of the format */
export function readRecording(text: string): Recording {
  const [first, ...rest] = text.split('\n').filter((line) => line !== '');
  const header = JSON.parse(first ?? 'null') as Header | null;
  if (header?.replay !== FORMAT_VERSION) throw new Error(`no recording of format ${FORMAT_VERSION}`);
  return { header, lines: rest.map((line) => JSON.parse(line) as Line) };
}
