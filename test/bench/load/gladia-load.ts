import { setTimeout as sleep } from 'node:timers/promises';
import { GladiaApi } from '../../../src/gladia/api/gladia-api.js';
import { GladiaLiveClient } from '../../../src/gladia/gladia-live.client.js';
import { GladiaSettings } from '../../../src/gladia/api/gladia-settings.js';
import { GladiaSocket } from '../../../src/gladia/stream/gladia-socket.js';
import type { SpeechStream, SpeechToText } from '../../../src/transcription/speech-to-text.js';
import { median } from '../statistics.js';

export const SESSIONS = 10;
export const FRAME_MS = 20;
const FRAME_SAMPLES = 320;
const LOG_S = 120;
const COST_MS = 4_000;
/** A stream has recovered when less than this is not sent yet. */
const CAUGHT_UP_MS = 500;
const MB = 1024 * 1024;

/** Opens a session for each stream, one after the other. */
export function openStreams(apiUrl: string): CountingStream[] {
  const account = { apiKey: 'key', apiUrl, model: 'solaria-1', endpointingS: 0.3, maxDurationS: 15 };
  const settings = new GladiaSettings({ ...account, audioLogS: LOG_S, drainTimeoutMs: 10_000 });
  const client = new GladiaLiveClient(settings, new GladiaApi(settings));
  return Array.from({ length: SESSIONS }, (_, index) => new CountingStream(client, `session-${index}`));
}

let mostBufferedBytes = 0;

/** The most that waited in one socket since the last call. */
export function takeMostBufferedBytes(): number {
  const most = mostBufferedBytes;
  mostBufferedBytes = 0;
  return most;
}

/** Notes how much waits in a socket whenever the client reads it. Call once. */
export function watchBufferedBytes(): void {
  const property = Object.getOwnPropertyDescriptor(GladiaSocket.prototype, 'bufferedBytes');
  const read = property?.get;
  if (read === undefined) throw new Error('a Gladia socket does not say how much it has buffered');
  Object.defineProperty(GladiaSocket.prototype, 'bufferedBytes', {
    configurable: true,
    get(this: GladiaSocket) {
      const bytes = read.call(this) as number;
      mostBufferedBytes = Math.max(mostBufferedBytes, bytes);
      return bytes;
    },
  });
}

/** Frames that each contain their own number, at both ends, so that what arrived can be counted exactly. */
class NumberedSound {
  readonly #frame = new Int16Array(FRAME_SAMPLES);
  frames = 0;

  next(): Int16Array {
    this.#frame.fill(this.frames % 32_768);
    this.#frame[0] = Math.floor(this.frames / 32_768);
    this.frames += 1;
    return this.#frame;
  }
}

/** What sound is written to, frame by frame. */
interface Talker {
  sendFrame(): void;
}

/** A stream with numbered sound, and what it reports. */
export class CountingStream implements Talker {
  readonly sound = new NumberedSound();
  readonly stream: SpeechStream;
  gapMs = 0;
  readonly #ended: Promise<void>;

  constructor(
    client: SpeechToText,
    readonly id: string,
  ) {
    let onEnded: () => void = () => undefined;
    this.#ended = new Promise((resolve) => (onEnded = resolve));
    this.stream = client.open(
      { sessionId: id, startSamples: 0, options: { spoken: [], translateTo: [] }, spokeBetween: () => true },
      {
        utterance: () => undefined,
        translation: () => undefined,
        insight: () => undefined,
        gap: (startMs, endMs) => void (this.gapMs += endMs - startMs),
        stateChanged: ({ state }) => {
          if (state === 'ended') onEnded();
        },
      },
    );
  }

  sendFrame(): void {
    this.stream.write(this.sound.next());
  }

  get hasRecovered(): boolean {
    const { state, counters } = this.stream.report;
    return state === 'live' && counters.backlogMs < CAUGHT_UP_MS;
  }

  /** How much of the sound is not acknowledged. */
  get lagMs(): number {
    return this.sound.frames * FRAME_MS - this.stream.report.counters.bytesAcknowledged / 32;
  }

  async end(): Promise<void> {
    this.stream.close();
    await this.#ended;
  }
}

/** Everybody talks, in real time; what that costs this process is measured on the way. */
export class Talk {
  readonly #startMs = performance.now();
  readonly #timers: readonly NodeJS.Timeout[];
  #mostBytes = 0;
  #frames = 0;

  constructor(talkers: readonly Talker[]) {
    const sendDueFrames = (): void => {
      for (; this.#frames < (performance.now() - this.#startMs) / FRAME_MS; this.#frames += 1) {
        for (const talker of talkers) talker.sendFrame();
      }
    };
    const readMemory = (): void => void (this.#mostBytes = Math.max(this.#mostBytes, process.memoryUsage.rss()));
    this.#timers = [setInterval(sendDueFrames, FRAME_MS), setInterval(readMemory, 1_000)];
  }

  /** The most that was resident. */
  get highestMb(): number {
    return this.#mostBytes / MB;
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  /** Begins to measure; the returned function ends it, in percent of a core a session. */
  usage(): () => number {
    const [cpu, startMs] = [process.cpuUsage(), performance.now()];
    return () => {
      const { user, system } = process.cpuUsage(cpu);
      return (100 * (user + system)) / 1000 / (performance.now() - startMs) / SESSIONS;
    };
  }

  /** Begins to watch the lags; the returned function ends it, with their median in ms. */
  lags(streams: readonly CountingStream[]): () => number {
    const seen: number[] = [];
    const timer = setInterval(() => seen.push(...streams.map(({ lagMs }) => lagMs)), 50);
    return () => {
      clearInterval(timer);
      return median(seen) ?? NaN;
    };
  }
}

/** What the talking itself costs, without a client, in percent of a core a session. */
export async function costOfTalk(): Promise<number> {
  const talk = new Talk(Array.from({ length: SESSIONS }, () => new DiscardedSound()));
  await sleep(1_000);
  const usage = talk.usage();
  await sleep(COST_MS);
  talk.stop();
  return usage();
}

/** Sound that is kept, as an audio log keeps it, and goes nowhere. */
class DiscardedSound implements Talker {
  readonly #sound = new NumberedSound();
  readonly #kept = new Int16Array(16_000);
  #end = 0;

  sendFrame(): void {
    const frame = this.#sound.next();
    this.#kept.set(frame, this.#end);
    this.#end = (this.#end + frame.length) % this.#kept.length;
  }
}
