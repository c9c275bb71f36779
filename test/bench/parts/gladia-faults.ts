import { setTimeout as sleep } from 'node:timers/promises';
import { HelperProcess } from '../helper-process.js';
import type { FakeGladiaFigures, FakeGladiaMessage } from '../load/fake-gladia.js';
import {
  costOfTalk,
  FRAME_MS,
  openStreams,
  SESSIONS,
  takeMostBufferedBytes,
  Talk,
  watchBufferedBytes,
  type CountingStream,
} from '../load/gladia-load.js';
import type { Progress } from './service-run.js';

type FakeGladia = HelperProcess<FakeGladiaMessage, FakeGladiaFigures, { readonly port: number }>;

interface FaultContext {
  readonly gladia: FakeGladia;
  readonly streams: readonly CountingStream[];
  readonly talk: Talk;
}

interface Injected {
  /** When the client could begin to recover; milliseconds since the epoch. */
  readonly sinceMs: number;
  /** CPU while the fault lasted, in percent of a core a session. */
  readonly cpuPercent: number;
  /** Resolves with how long the recovery took, in milliseconds. */
  readonly recovery: Promise<number>;
  readonly lagBeforeMs?: number;
  readonly lagDuringMs?: number;
}

type Fault = (context: FaultContext) => Promise<Injected>;

export type GladiaFaultFigures = Awaited<ReturnType<typeof injectFault>>;

const FRAME_S = FRAME_MS / 1000;
const BEFORE_MS = 3_000;
const CALM_MS = 4_000;
const NO_READING_MS = 20_000;
/** A fault that no stream has noticed by then is not noticed at all. */
const NOTICED_WITHIN_MS = 12_000;

/** What Gladia's faults cost: sound missing and duplicate, time to recovery, CPU, memory. */
export async function measureGladiaFaults(progress: Progress): Promise<GladiaFaultFigures[]> {
  watchBufferedBytes();
  const rows: GladiaFaultFigures[] = [];
  for (const [name, fault] of FAULTS) {
    progress(name);
    rows.push(await injectFault(name, fault));
  }
  return rows;
}

async function injectFault(name: string, fault: Fault) {
  const talkCpuPercent = await costOfTalk();
  const gladia: FakeGladia = await HelperProcess.start(new URL('../load/fake-gladia.js', import.meta.url));
  const streams = openStreams(`http://127.0.0.1:${gladia.ready.port}`);
  const talk = new Talk(streams);
  try {
    await sleep(BEFORE_MS);
    const calm = talk.usage();
    await sleep(CALM_MS);
    const calmCpuPercent = calm();
    const injected = await fault({ gladia, streams, talk });
    const recoveryMs = await injected.recovery;
    await sleep(2_000);
    talk.stop();
    await Promise.all(streams.map((stream) => stream.end()));
    const { highestMb } = talk;
    return {
      name,
      ...(await figures(gladia, streams, injected)),
      recoveryMs,
      calmCpuPercent,
      talkCpuPercent,
      highestMb,
    };
  } finally {
    talk.stop();
    for (const { stream } of streams) stream.abort();
    await gladia.stop();
  }
}

const reset: Fault = async ({ gladia, streams, talk }) => {
  const sinceMs = Date.now();
  gladia.send({ cut: true });
  const recovery = recoveryMs(streams);
  const usage = talk.usage();
  await sleep(2_000);
  return { sinceMs, cpuPercent: usage(), recovery };
};

const unreachable =
  (forMs: number): Fault =>
  async ({ gladia, streams, talk }) => {
    gladia.send({ proxy: 'closed' });
    gladia.send({ cut: true });
    const usage = talk.usage();
    await sleep(forMs);
    const cpuPercent = usage();
    const sinceMs = Date.now();
    gladia.send({ proxy: 'open' });
    return { sinceMs, cpuPercent, recovery: recoveryMs(streams) };
  };

const oneStopsReading: Fault = async ({ gladia, streams, talk }) => {
  const calmLag = talk.lags(streams.slice(1));
  await sleep(5_000);
  const lagBeforeMs = calmLag();
  const sinceMs = Date.now();
  gladia.send({ stopReading: true });
  const recovery = recoveryMs(streams);
  const usage = talk.usage();
  const lag = talk.lags(streams.slice(1));
  await sleep(NO_READING_MS);
  return { sinceMs, cpuPercent: usage(), lagBeforeMs, lagDuringMs: lag(), recovery };
};

const FAULTS: readonly (readonly [string, Fault])[] = [
  ['every socket reset at once', reset],
  ['unreachable for 60 s', unreachable(60_000)],
  ['unreachable for 300 s, log of 120 s', unreachable(300_000)],
  ['one server that reads no more, for 20 s', oneStopsReading],
];

/** How long it takes until all streams have recovered. */
async function recoveryMs(streams: readonly CountingStream[]): Promise<number> {
  const startMs = performance.now();
  const allRecovered = (): boolean => streams.every(({ hasRecovered }) => hasRecovered);
  while (allRecovered() && performance.now() - startMs < NOTICED_WITHIN_MS) await sleep(5);
  while (!allRecovered()) await sleep(20);
  return performance.now() - startMs;
}

async function figures(gladia: FakeGladia, streams: readonly CountingStream[], injected: Injected) {
  const { sinceMs, cpuPercent, lagBeforeMs, lagDuringMs } = injected;
  const { sessions, upgradesMs } = await gladia.figures({ of: streams.map(({ id }) => id), sinceMs });
  const delivered = streams.map(({ id }) => sessions[id] ?? { frames: 0, duplicates: 0, broken: 0 });
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
  return {
    missingS: FRAME_S * sum(streams.map(({ sound }, index) => sound.frames - delivered[index]!.frames)),
    reportedMissingS: sum(streams.map(({ gapMs }) => gapMs)) / 1000,
    duplicateS: FRAME_S * sum(delivered.map(({ duplicates }) => duplicates)),
    brokenFrames: sum(delivered.map(({ broken }) => broken)),
    duplicateFinals: sum(streams.map(({ stream }) => stream.report.counters.duplicates)),
    retriesMs: upgradesMs.toSorted((a, b) => a - b),
    mostBufferedKb: takeMostBufferedBytes() / 1024,
    cpuPercent,
    lagBeforeMs,
    lagDuringMs,
  };
}

export function gladiaFaultsTable(rows: readonly GladiaFaultFigures[]): string {
  const seconds = (ms: number): string => (ms / 1000).toFixed(1);
  const head = [
    'fault, 10 sessions',
    'missing, s',
    'reported as missing, s',
    'duplicate, s',
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
    row.missingS.toFixed(2),
    row.reportedMissingS.toFixed(2),
    row.duplicateS.toFixed(2),
    String(row.retriesMs[0] ?? ''),
    String(row.retriesMs[SESSIONS - 1] ?? ''),
    seconds(row.recoveryMs),
    row.cpuPercent.toFixed(3),
    (row.cpuPercent - row.talkCpuPercent).toFixed(3),
    row.calmCpuPercent.toFixed(3),
    row.highestMb.toFixed(0),
    row.mostBufferedKb.toFixed(0),
  ]);
  const table = [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
  return [table, ...rows.flatMap(lagSentence)].join('\n\n');
}

const lagSentence = ({ lagBeforeMs, lagDuringMs }: GladiaFaultFigures): string[] =>
  lagBeforeMs === undefined || lagDuringMs === undefined
    ? []
    : [
        `While one server does not read, the others acknowledge sound ${lagDuringMs.toFixed(0)} ms after it was sent, ` +
          `before it ${lagBeforeMs.toFixed(0)} ms.`,
      ];
