import { setTimeout as pause } from 'node:timers/promises';
import { built } from '../built.mjs';
import { median } from '../statistics.mjs';
import { CountedSound } from './counted-sound.mjs';

export const SESSIONS = 10;
export const FRAME_MS = 20;
const LOG_S = 120;
const COST_MS = 4_000;
/** A stream has recovered when what it has not sent is less than this. */
const CAUGHT_UP_MS = 500;
const MB = 1024 * 1024;

/** One stream after the other opens its session, as rooms do. */
export async function openStreams(apiUrl) {
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

/** The most that waited in one socket since it was last asked. */
export function takeMostBuffered() {
  const most = mostBufferedBytes;
  mostBufferedBytes = 0;
  return most;
}

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
export class Talk {
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

/** What the talking itself costs, without a client, in percent of a core a session. */
export async function costOfTalk() {
  const silent = Array.from({ length: SESSIONS }, () => new KeptSound());
  const talk = new Talk(silent);
  await pause(1_000);
  const usage = talk.usage();
  await pause(COST_MS);
  talk.stop();
  return usage();
}

/** Sound that is kept, as a log keeps it, and goes nowhere. */
class KeptSound {
  #sound = new CountedSound();
  #kept = new Int16Array(16_000);
  #end = 0;

  say() {
    const frame = this.#sound.next();
    this.#kept.set(frame, this.#end);
    this.#end = (this.#end + frame.length) % this.#kept.length;
  }
}
