import { msToSamples, samplesToMs } from '../../media/audio-format.js';
import type { AudioCursor } from '../../audio-log/audio-cursor.js';
import type { ConnectionEnd } from './close-codes.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';
import { GladiaSocket } from './gladia-socket.js';
import { RecentlySent } from './recently-sent.js';
import { LostAudioDetector } from './lost-audio-detector.js';
import { Liveness } from './liveness.js';
import type { ServerObservations } from './server-observations.js';
import { AudioSender } from './audio-sender.js';
import type { TimeMap } from '../resume/time-map.js';

const TICK_MS = 50;

/** A connection that is dead is found within the time of silence, and a little. */
const FOUND_WITHIN = 1.25;

export interface ClosedConnection extends ConnectionEnd {
  readonly stopSent: boolean;
  /** It held long enough, and the server took sound. */
  readonly stable: boolean;
  /** The first sample that was sent and may not have arrived. */
  readonly oldestOutstanding: number | undefined;
  readonly outstandingSamples: number;
  /** The first sample of what was sent while the connection may have been dead already. */
  readonly latelySentFrom: number | undefined;
}

/** What one connection needs of its session. */
export interface ConnectionTask {
  readonly url: string;
  readonly cursor: AudioCursor;
  readonly times: TimeMap;
  /** Connections of the session before this one sent sound. */
  readonly isResumed: boolean;
  /** The samples that the connection before this one sent, and that were not acknowledged. */
  readonly outstandingBefore: number;
  /** Sound from here on is not for this session; once all before it is sent, recording is stopped. */
  limit(): number;
  message(message: GladiaMessage): void;
  /** Sound was sent or acknowledged. */
  moved(chunks: number, sentBytes: number, acknowledgedBytes: number): void;
}

/** One connection of a Gladia session, from dialling to its end: sends the log, listens, and watches that it is alive. */
export class GladiaConnection {
  readonly #sender: AudioSender;
  readonly #liveness: Liveness;
  readonly #leak: LostAudioDetector;
  readonly #lately: RecentlySent;
  #isLeaky = false;
  #socket: GladiaSocket | undefined;
  #tick: NodeJS.Timeout | undefined;
  #openedAtMs: number | undefined;
  #speaksFromMs = 0;
  #stopSent = false;
  #done: (end: ConnectionEnd) => void = () => undefined;

  constructor(
    private readonly task: ConnectionTask,
    private readonly timings: GladiaTimings,
    private readonly habits: ServerObservations,
  ) {
    const { cursor, times, isResumed, outstandingBefore } = task;
    const chunk = msToSamples(timings.chunkMs);
    this.#sender = new AudioSender(cursor, times, chunk, performance.now(), outstandingBefore);
    this.#liveness = new Liveness(timings, { isResumed, acknowledges: habits.acknowledges });
    this.#lately = new RecentlySent(FOUND_WITHIN * timings.silenceTimeoutMs);
    this.#leak = new LostAudioDetector(timings.silenceTimeoutMs, cursor.position);
  }

  /** Resolves when the connection has ended, whoever ended it. */
  async run(signal: AbortSignal): Promise<ClosedConnection> {
    const abandon = (): void => this.#abandon();
    signal.addEventListener('abort', abandon);
    const end = await new Promise<ConnectionEnd>((resolve) => {
      this.#done = resolve;
      this.#socket = new GladiaSocket(this.task.url, this.timings, {
        opened: () => this.#opened(),
        message: (message) => this.#message(message),
        closed: resolve,
      });
      if (signal.aborted) abandon();
    });
    signal.removeEventListener('abort', abandon);
    clearInterval(this.#tick);
    const { acknowledgedBytes, outstandingSamples } = this.#sender.acknowledgments;
    const heldMs = this.#openedAtMs === undefined ? 0 : performance.now() - this.#openedAtMs;
    const stable = heldMs >= this.timings.stableMs && acknowledgedBytes > 0;
    const latelySentFrom = this.#lately.from(performance.now());
    const oldestOutstanding = this.#oldestOutstanding;
    return { ...end, stopSent: this.#stopSent, stable, outstandingSamples, oldestOutstanding, latelySentFrom };
  }

  /** Sends what may be sent now. */
  pump(): void {
    const socket = this.#socket;
    const now = performance.now();
    if (socket?.isOpen !== true || this.#stopSent || now < this.#speaksFromMs) return;
    const { chunks, acknowledgments } = this.#sender;
    const before = acknowledgments.sentSamples;
    this.#sender.pump(socket, this.task.limit(), now);
    if (this.#sender.chunks > chunks) {
      this.#liveness.sent(now);
      const { position, channels } = this.task.cursor;
      const samples = acknowledgments.sentSamples - before;
      this.#lately.sent(now, position - samples);
      this.task.moved(1, samples * 2 * channels, 0);
    }
    if (this.task.cursor.position >= this.task.limit()) this.#stop(socket);
  }

  #opened(): void {
    this.#openedAtMs = performance.now();
    this.#liveness.opened(this.#openedAtMs);
    this.#speaksFromMs = this.#openedAtMs + this.#listeningMs();
    this.#tick = setInterval(() => this.#watch(), TICK_MS);
    this.pump();
  }

  /**
   * On a resume, acknowledgments of what the socket before had sent may come late. While nothing was sent on this one they
   * cannot be taken for acknowledgments of its own.
   */
  #listeningMs(): number {
    return this.task.isResumed ? this.timings.listenFirstMs : 0;
  }

  #message(message: GladiaMessage): void {
    this.#liveness.heard(message.kind, performance.now());
    if (message.kind === 'acknowledged') {
      const bytes = this.#sender.acknowledge(message.startByte, message.endByte);
      if (bytes > 0) this.#acknowledged(bytes);
    }
    this.task.message(message);
    if (message.kind === 'session-ended') {
      this.#socket?.finish();
      this.#done({ code: 1000 });
    }
  }

  #watch(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.pump();
    const now = performance.now();
    const { outstandingSamples } = this.#sender.acknowledgments;
    this.#lookForLeak(now, outstandingSamples);
    const verdict = this.#liveness.verdict(now, outstandingSamples, socket.bufferedBytes);
    this.#isLeaky = this.#leak.isLeaky || verdict === 'leaky';
    if (verdict === 'dead' || this.#isLeaky) socket.drop();
    if (verdict === 'idle' && socket.isOpen && !this.#stopSent) {
      socket.sendKeepAlive();
      this.#liveness.sent(now);
    }
  }

  #acknowledged(bytes: number): void {
    this.habits.acknowledges = true;
    this.#leak.acknowledged();
    this.task.moved(0, 0, bytes);
  }

  #lookForLeak(nowMs: number, outstandingSamples: number): void {
    const { cursor } = this.task;
    const isUpToDate = cursor.available(this.task.limit()) < 2 * msToSamples(this.timings.chunkMs);
    const { oldestOutstanding = cursor.position } = this.#sender.acknowledgments;
    this.#leak.look(nowMs, samplesToMs(outstandingSamples), oldestOutstanding, isUpToDate);
  }

  /** Acknowledgments are counted by length: where sound was lost among it, the count does not tell which. */
  get #oldestOutstanding(): number | undefined {
    return this.#isLeaky ? this.#leak.cleanAt : this.#sender.acknowledgments.oldestOutstanding;
  }

  #stop(socket: GladiaSocket): void {
    this.#stopSent = true;
    socket.sendStop();
  }

  #abandon(): void {
    this.#socket?.detach();
    this.#done({ code: 1006 });
  }
}
