// A process of its own: sends every track's frames in real time, the tracks spread over the ten milliseconds of a frame.
import { sendToParent, type FiguresQuestion } from '../helper-process.js';
import { FRAME_MS } from './frames.js';
import { TrackSender, type TrackOrder } from './track-sender.js';

export interface GeneratorMessage {
  /** A track to send from now on. */
  readonly track?: TrackOrder;
  /** Whether every track is silent. */
  readonly quiet?: boolean;
  /** Keeps the bursts for the next question. */
  readonly keep?: boolean;
}

/** The first sample of a burst is about to be sent; `atNs` is monotonic, the same in every process. */
export interface Burst {
  readonly session: string;
  readonly atNs: string;
}

export interface GeneratorFigures {
  readonly tracks: number;
  readonly ordered: number;
  readonly refused: number;
  readonly sentFrames: number;
  readonly withheldFrames: number;
  readonly lateTurns: number;
  /** How late the generator was at most since the last question. */
  readonly latestMs: number;
  readonly bursts: readonly Burst[];
}

const LATE_MS = 5;

/** One group of tracks a millisecond. */
const groups = Array.from({ length: FRAME_MS }, (): TrackSender[] => []);
const bursts: Burst[] = [];
const startMs = performance.now();
let nextTurn = 0;
let tracks = 0;
let lateTurns = 0;
let latestMs = 0;
let refused = 0;

process.on('message', (message: GeneratorMessage & FiguresQuestion) => {
  if (message.track !== undefined) void open(message.track);
  if (message.quiet !== undefined) for (const track of groups.flat()) track.quiet = message.quiet;
  if (message.figures) sendToParent({ figures: figures(message) });
});
process.on('disconnect', () => process.exit());
sendToParent('ready');
setTimeout(turn, 1);

async function open(order: TrackOrder): Promise<void> {
  const number = tracks++;
  try {
    const onBurst = (): void => {
      bursts.push({ session: order.session, atNs: String(process.hrtime.bigint()) });
    };
    const track = await TrackSender.open(order, number, onBurst);
    groups[number % FRAME_MS]!.push(track);
  } catch (error) {
    refused += 1;
    console.error(`generator: ${(error as Error).message}`);
  }
}

/** Sends what has come due since the last turn. */
function turn(): void {
  const dueTurn = Math.floor(performance.now() - startMs);
  const behindMs = dueTurn - nextTurn;
  latestMs = Math.max(latestMs, behindMs);
  if (behindMs > LATE_MS) lateTurns += 1;
  for (; nextTurn <= dueTurn; nextTurn++) for (const track of groups[nextTurn % FRAME_MS]!) track.send();
  setTimeout(turn, 1);
}

function figures({ keep = false }: GeneratorMessage): GeneratorFigures {
  const open = groups.flat();
  const sum = (of: (track: TrackSender) => number): number => open.reduce((total, track) => total + of(track), 0);
  const result = {
    tracks: open.length,
    ordered: tracks,
    refused,
    sentFrames: sum(({ sentFrames }) => sentFrames),
    withheldFrames: sum(({ withheldFrames }) => withheldFrames),
    lateTurns,
    latestMs,
    bursts: keep ? [] : bursts.splice(0),
  };
  latestMs = 0;
  return result;
}
