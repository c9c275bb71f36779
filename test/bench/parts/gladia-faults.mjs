import { setTimeout as pause } from 'node:timers/promises';
import { HelperProcess } from '../helper-process.mjs';
import { costOfTalk, FRAME_MS, openStreams, SESSIONS, takeMostBuffered, Talk } from '../load/gladia-talk.mjs';

const FRAME_S = FRAME_MS / 1000;
const BEFORE_MS = 3_000;
const CALM_MS = 4_000;
const DEAF_MS = 20_000;
/** A fault that nobody has felt by then is felt by nobody. */
const FELT_WITHIN_MS = 12_000;

/** What Gladia's faults cost: sound lost and doubled, time to recovery, memory. */
export async function measureGladiaFaults(say, only = '') {
  const rows = [];
  for (const [name, strike] of FAULTS.filter(([fault]) => fault.includes(only))) {
    say(name);
    rows.push(await strikeOnce(name, strike));
  }
  return rows;
}

async function strikeOnce(name, strike) {
  const talkCpuPercent = await costOfTalk();
  const standIn = await HelperProcess.start(new URL('../load/gladia-stand-in.mjs', import.meta.url));
  const streams = await openStreams(`http://127.0.0.1:${standIn.ready.port}`);
  const talk = new Talk(streams);
  try {
    await pause(BEFORE_MS);
    const calm = talk.usage();
    await pause(CALM_MS);
    const calmCpuPercent = calm();
    const struck = await strike({ standIn, streams, talk });
    const recoveryMs = await struck.recovery;
    await pause(2_000);
    talk.stop();
    await Promise.all(streams.map((stream) => stream.end()));
    return {
      name,
      ...(await sums(standIn, streams, struck)),
      recoveryMs,
      calmCpuPercent,
      talkCpuPercent,
      ...talk.highest(),
    };
  } finally {
    talk.stop();
    for (const { stream } of streams) stream.abort();
    await standIn.stop();
  }
}

const reset = async ({ standIn, streams, talk }) => {
  const sinceMs = Date.now();
  standIn.tell({ cut: true });
  const recovery = recoveryOf(streams);
  const during = talk.usage();
  await pause(2_000);
  return { sinceMs, during: during(), recovery };
};

const away =
  (forMs) =>
  async ({ standIn, streams, talk }) => {
    standIn.tell({ door: 'shut' });
    standIn.tell({ cut: true });
    const during = talk.usage();
    await pause(forMs);
    const usage = during();
    const sinceMs = Date.now();
    standIn.tell({ door: 'open' });
    return { sinceMs, during: usage, recovery: recoveryOf(streams) };
  };

const deaf = async ({ standIn, streams, talk }) => {
  const calm = talk.lags(streams.slice(1));
  await pause(5_000);
  const lagBeforeMs = calm();
  const sinceMs = Date.now();
  standIn.tell({ deaf: true });
  const recovery = recoveryOf(streams);
  const during = talk.usage();
  const lags = talk.lags(streams.slice(1));
  await pause(DEAF_MS);
  return { sinceMs, during: during(), lagBeforeMs, lagDuringMs: lags(), recovery };
};

const FAULTS = [
  ['every socket reset at once', reset],
  ['unreachable for 60 s', away(60_000)],
  ['unreachable for 300 s, log of 120 s', away(300_000)],
  ['one server that reads no more, for 20 s', deaf],
];

/** How long it takes from now until what has been struck is well again. */
async function recoveryOf(streams) {
  const startMs = performance.now();
  const areWell = () => streams.every(({ isWell }) => isWell);
  while (areWell() && performance.now() - startMs < FELT_WITHIN_MS) await pause(5);
  while (!areWell()) await pause(20);
  return performance.now() - startMs;
}

async function sums(standIn, streams, { sinceMs, during, lagBeforeMs, lagDuringMs }) {
  const { sessions, upgrades } = await standIn.figures({ of: streams.map(({ id }) => id), sinceMs });
  const kept = streams.map(({ id }) => sessions[id]);
  const total = (of) => of.reduce((sum, each) => sum + each, 0);
  return {
    lostS: FRAME_S * total(streams.map(({ sound }, index) => sound.frames - kept[index].kept)),
    toldLostS: total(streams.map(({ gapMs }) => gapMs)) / 1000,
    doubledS: FRAME_S * total(kept.map(({ doubled }) => doubled)),
    brokenFrames: total(kept.map(({ broken }) => broken)),
    duplicatedFinals: total(streams.map(({ stream }) => stream.report.counters.duplicates)),
    retriesMs: upgrades.sort((a, b) => a - b),
    mostBufferedKb: takeMostBuffered() / 1024,
    cpuPercent: during,
    lagBeforeMs,
    lagDuringMs,
  };
}

/** @param {Awaited<ReturnType<typeof measureGladiaFaults>>} rows */
export function gladiaFaultsTable(rows) {
  const seconds = (ms) => (ms / 1000).toFixed(1);
  const head = [
    'fault, 10 sessions',
    'lost, s',
    'told as lost, s',
    'doubled, s',
    'first retry, ms',
    'last first retry, ms',
    'recovery, s',
    'CPU a session, % of a core',
    'less the talking itself',
    'before the fault',
    'memory, MB',
    'most in a socket, kB',
  ];
  const lines = rows.map((row) => [
    row.name,
    row.lostS.toFixed(2),
    row.toldLostS.toFixed(2),
    row.doubledS.toFixed(2),
    row.retriesMs[0] ?? '',
    row.retriesMs[SESSIONS - 1] ?? '',
    seconds(row.recoveryMs),
    row.cpuPercent.toFixed(3),
    (row.cpuPercent - row.talkCpuPercent).toFixed(3),
    row.calmCpuPercent.toFixed(3),
    row.highestMb.toFixed(0),
    row.mostBufferedKb.toFixed(0),
  ]);
  const table = [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
  const deafRow = rows.find(({ lagDuringMs }) => lagDuringMs !== undefined);
  if (deafRow === undefined) return table;
  const [before, during] = [deafRow.lagBeforeMs, deafRow.lagDuringMs].map((ms) => ms.toFixed(0));
  return `${table}\n\nWhile one server does not read, the others acknowledge what was said ${during} ms ago, before it ${before} ms.`;
}
