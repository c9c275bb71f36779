import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../built.mjs';
import { HelperProcess } from '../helper-process.mjs';
import { CountedSound } from '../load/counted-sound.mjs';
import { median } from '../statistics.mjs';

const SESSIONS = 10;
const FRAME_MS = 20;
const FRAME_S = FRAME_MS / 1000;
const LOG_S = 120;
const BEFORE_MS = 3_000;
const CALM_MS = 4_000;
const DEAF_MS = 20_000;
/** A stream has recovered when what it has not sent is less than this. */
const CAUGHT_UP_MS = 500;
const MB = 1024 * 1024;

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
  mostBufferedBytes = 0;
  const standIn = await HelperProcess.start(new URL('../load/gladia-stand-in.mjs', import.meta.url));
  const streams = await openStreams(`http://127.0.0.1:${standIn.ready.port}`);
  const talk = new Talk(streams);
  try {
    await pause(BEFORE_MS);
    const calm = talk.usage();
    await pause(CALM_MS);
    const calmCpuPercent = calm();
    const struck = await strike({ standIn, streams, talk });
    const recoveryMs = await recovered(streams);
    await pause(2_000);
    talk.stop();
    await Promise.all(streams.map((stream) => stream.end()));
    return { name, ...(await sums(standIn, streams, struck)), recoveryMs, calmCpuPercent, ...talk.highest() };
  } finally {
    talk.stop();
    for (const { stream } of streams) stream.abort();
    await standIn.stop();
  }
}

const reset = async ({ standIn, talk }) => {
  const sinceMs = Date.now();
  standIn.tell({ cut: true });
  const during = talk.usage();
  await pause(2_000);
  return { sinceMs, during: during() };
};

const away =
  (forMs) =>
  async ({ standIn, talk }) => {
    standIn.tell({ door: 'shut' });
    standIn.tell({ cut: true });
    const during = talk.usage();
    await pause(forMs);
    const usage = during();
    const sinceMs = Date.now();
    standIn.tell({ door: 'open' });
    return { sinceMs, during: usage };
  };

const deaf = async ({ standIn, streams, talk }) => {
  const calm = talk.lags(streams.slice(1));
  await pause(5_000);
  const lagBeforeMs = calm();
  const sinceMs = Date.now();
  standIn.tell({ deaf: true });
  const during = talk.usage();
  const lags = talk.lags(streams.slice(1));
  await pause(DEAF_MS);
  return { sinceMs, during: during(), lagBeforeMs, lagDuringMs: lags() };
};

const FAULTS = [
  ['every socket reset at once', reset],
  ['unreachable for 60 s', away(60_000)],
  ['unreachable for 300 s, log of 120 s', away(300_000)],
  ['one server that reads no more, for 20 s', deaf],
];

/** One stream after the other opens its session, as rooms do. */
async function openStreams(apiUrl) {
  const { GladiaApi } = await built('src/gladia/gladia-api.js');
  const { GladiaLiveClient } = await built('src/gladia/gladia-live.client.js');
  const { GladiaSocket } = await built('src/gladia/gladia-socket.js');
  watchBuffered(GladiaSocket.prototype);
  const { GladiaSettings } = await built('src/gladia/gladia-settings.js');
  const account = { apiKey: 'key', apiUrl, model: 'solaria-1', endpointingS: 0.3, maxDurationS: 15 };
  const settings = new GladiaSettings({ ...account, audioLogS: LOG_S, drainTimeoutMs: 10_000 });
  const client = new GladiaLiveClient(settings, new GladiaApi(settings));
  return Array.from({ length: SESSIONS }, (_, index) => new WatchedStream(client, `session-${index}`));
}

let mostBufferedBytes = 0;

/** Notes the most that ever waited in one socket, whenever the client asks for it. */
function watchBuffered(prototype) {
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'bufferedBytes');
  Object.defineProperty(prototype, 'bufferedBytes', {
    configurable: true,
    get() {
      const bytes = get.call(this);
      mostBufferedBytes = Math.max(mostBufferedBytes, bytes);
      return bytes;
    },
  });
}

/** A stream with counted sound, and what it told. */
class WatchedStream {
  sound = new CountedSound();
  gapMs = 0;
  finals = 0;

  constructor(client, id) {
    this.id = id;
    this.ended = new Promise((resolve) => {
      this.stream = client.open(
        { sessionId: id, startSamples: 0, options: { spoken: [], translateTo: [] }, spokeBetween: () => true },
        {
          utterance: ({ final }) => (this.finals += final ? 1 : 0),
          translation: () => undefined,
          insight: () => undefined,
          gap: (startMs, endMs) => (this.gapMs += endMs - startMs),
          stateChanged: ({ state }) => state === 'ended' && resolve(),
        },
      );
    });
  }

  say() {
    this.stream.write(this.sound.next());
  }

  get isWell() {
    const { state, counters } = this.stream.report;
    return state === 'live' && counters.backlogMs < CAUGHT_UP_MS;
  }

  /** How much of what was said is not acknowledged. */
  get lagMs() {
    return this.sound.frames * FRAME_MS - this.stream.report.counters.bytesAcknowledged / 32;
  }

  async end() {
    this.stream.close();
    await this.ended;
  }
}

/** Everybody talks, in real time; what that costs this process is read on the way. */
class Talk {
  #memory = 0;
  #startMs = performance.now();
  #frames = 0;

  constructor(streams) {
    this.timer = setInterval(() => {
      for (; this.#frames < (performance.now() - this.#startMs) / FRAME_MS; this.#frames += 1) {
        for (const stream of streams) stream.say();
      }
    }, FRAME_MS);
    this.memoryTimer = setInterval(() => (this.#memory = Math.max(this.#memory, process.memoryUsage.rss())), 1_000);
  }

  stop() {
    clearInterval(this.timer);
    clearInterval(this.memoryTimer);
  }

  highest() {
    return { highestMb: this.#memory / MB };
  }

  /** Begins to measure; the function that comes back ends it, in percent of a core a session. */
  usage() {
    const [cpu, startMs] = [process.cpuUsage(), performance.now()];
    return () => {
      const { user, system } = process.cpuUsage(cpu);
      return (100 * (user + system)) / 1000 / (performance.now() - startMs) / SESSIONS;
    };
  }

  lags(streams) {
    const seen = [];
    const timer = setInterval(() => seen.push(...streams.map(({ lagMs }) => lagMs)), 50);
    return () => {
      clearInterval(timer);
      return median(seen);
    };
  }
}

async function recovered(streams) {
  const startMs = performance.now();
  while (!streams.every(({ isWell }) => isWell)) await pause(20);
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
    mostBufferedKb: mostBufferedBytes / 1024,
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
    'before it',
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
