// A process of its own: sends every track's frames in real time, the tracks spread over the ten milliseconds of a frame.
import { FRAME_MS } from './frames.mjs';
import { TrackSender } from './track-sender.mjs';

const LATE_MS = 5;

/** One group of tracks a millisecond. */
const groups = Array.from({ length: FRAME_MS }, () => []);
const bursts = [];
const startMs = performance.now();
let nextTurn = 0;
let tracks = 0;
let lateTurns = 0;
let latestMs = 0;
let refused = 0;

process.on('message', (message) => {
  if (message.track !== undefined) void open(message.track);
  if (message.closeAll) closeAll();
  if (message.quiet !== undefined) for (const track of groups.flat()) track.quiet = message.quiet;
  if (message.figures) process.send({ figures: figures(message) });
});
process.on('disconnect', () => process.exit());
process.send('ready');
setTimeout(turn, 1);

async function open(order) {
  const number = tracks++;
  try {
    const onBurst = () => bursts.push({ session: order.session, atNs: String(process.hrtime.bigint()) });
    groups[number % FRAME_MS].push(await TrackSender.open(order, number, onBurst));
  } catch (error) {
    refused += 1;
    console.error(`generator: ${error.message}`);
  }
}

/** Sends what has come due since the last turn. */
function turn() {
  const dueTurn = Math.floor(performance.now() - startMs);
  const behindMs = dueTurn - nextTurn;
  latestMs = Math.max(latestMs, behindMs);
  if (behindMs > LATE_MS) lateTurns += 1;
  for (; nextTurn <= dueTurn; nextTurn++) for (const track of groups[nextTurn % FRAME_MS]) track.send();
  setTimeout(turn, 1);
}

function figures({ keep }) {
  const open = groups.flat();
  const sum = (of) => open.reduce((total, track) => total + of(track), 0);
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

function closeAll() {
  for (const group of groups) for (const track of group.splice(0)) track.close();
  tracks = 0;
}
