import { Deferred } from '../../async/deferred.js';
import type { AudioCursor } from '../../audio-log/audio-cursor.js';
import { msToSamples, samplesToMs } from '../../media/audio-format.js';
import type { Acknowledgment } from '../../transcription/speech-to-text.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';
import type { EngineClock } from '../resume/engine-clock.js';
import { AudioSender } from './audio-sender.js';
import type { ConnectionEnd } from './close-codes.js';
import { GladiaSocket } from './gladia-socket.js';
import { Liveness } from './liveness.js';
import { LostAudioDetector } from './lost-audio-detector.js';
import { RoundTrip } from './round-trip.js';

const CHECK_EVERY_MS = 50;

/** A dead connection is noticed within `silenceTimeoutMs` and this much more. */
const NOTICED_WITHIN = 1.25;

/** What one driver has observed of its server, over all connections. */
export class ServerObservations {
  /** It has acknowledged audio: where it stops doing so, something is wrong. */
  acknowledges = false;
}

export interface ClosedConnection extends ConnectionEnd {
  readonly stopSent: boolean;
  /** It lasted long enough to count as a success, and the server acknowledged audio. */
  readonly stable: boolean;
  /** The first log position that was sent and may not have arrived. */
  readonly oldestOutstanding: number | undefined;
  readonly outstandingSamples: number;
  /** The first log position that was sent while the connection may have been dead already. */
  readonly recentlySentFrom: number | undefined;
}

/** What a connection needs of its session. */
export interface ConnectionTask {
  readonly url: string;
  readonly cursor: AudioCursor;
  readonly clock: EngineClock;
  /** Earlier connections of the session have sent audio. */
  readonly isResumed: boolean;
  /** Samples that the connection before this one sent, and that were not acknowledged. */
  readonly outstandingBefore: number;
  /** Audio from this log position on is not for this session; when all before it is sent, recording is stopped. */
  limit(): number;
  message(message: GladiaMessage): void;
  /** Audio was sent or acknowledged. */
  transferred(chunks: number, sentBytes: number, acknowledgedBytes: number): void;
}

/** One connection of a Gladia session, from connecting to its end: sends the log, receives messages, checks that it is alive. */
export class GladiaConnection {
  readonly #sender: AudioSender;
  readonly #liveness: Liveness;
  readonly #lostAudio: LostAudioDetector;
  readonly #recentlySent: RecentlySent;
  readonly #roundTrip = new RoundTrip();
  readonly #ended = new Deferred<ConnectionEnd>();
  #isLosingAudio = false;
  #socket: GladiaSocket | undefined;
  #checks: NodeJS.Timeout | undefined;
  #openedAtMs: number | undefined;
  #sendFromMs = 0;
  #stopSent = false;

  constructor(
    private readonly task: ConnectionTask,
    private readonly timings: GladiaTimings,
    private readonly server: ServerObservations,
  ) {
    const { cursor, clock, isResumed, outstandingBefore } = task;
    const chunkSamples = msToSamples(timings.chunkMs);
    this.#sender = new AudioSender({ cursor, clock, chunkSamples, nowMs: performance.now(), outstandingBefore });
    this.#liveness = new Liveness(timings, { isResumed, acknowledges: server.acknowledges });
    this.#recentlySent = new RecentlySent(NOTICED_WITHIN * timings.silenceTimeoutMs);
    this.#lostAudio = new LostAudioDetector(timings.silenceTimeoutMs, cursor.position);
  }

  get acknowledgment(): Acknowledgment {
    const { outstandingSamples } = this.#sender.acknowledgments;
    return { unacknowledgedMs: samplesToMs(outstandingSamples), roundTripMs: this.#roundTrip.ms };
  }

  /** Resolves when the connection has ended, whoever ended it. */
  async run(signal: AbortSignal): Promise<ClosedConnection> {
    const abandon = (): void => this.#abandon();
    signal.addEventListener('abort', abandon);
    this.#socket = new GladiaSocket(this.task.url, this.timings, {
      opened: () => this.#opened(),
      message: (message) => this.#receive(message),
      closed: (end) => this.#ended.resolve(end),
    });
    if (signal.aborted) abandon();
    const end = await this.#ended.promise;
    signal.removeEventListener('abort', abandon);
    clearInterval(this.#checks);
    const { acknowledgedBytes, outstandingSamples } = this.#sender.acknowledgments;
    const lastedMs = this.#openedAtMs === undefined ? 0 : performance.now() - this.#openedAtMs;
    const stable = lastedMs >= this.timings.stableMs && acknowledgedBytes > 0;
    const recentlySentFrom = this.#recentlySent.from(performance.now());
    const oldestOutstanding = this.#oldestOutstanding;
    return { ...end, stopSent: this.#stopSent, stable, outstandingSamples, oldestOutstanding, recentlySentFrom };
  }

  /** Sends what may be sent at this moment. */
  pump(): void {
    const socket = this.#socket;
    const now = performance.now();
    if (socket?.isOpen !== true || this.#stopSent || now < this.#sendFromMs) return;
    const { chunks, acknowledgments } = this.#sender;
    const before = acknowledgments.sentSamples;
    this.#sender.pump(socket, this.task.limit(), now);
    if (this.#sender.chunks > chunks) {
      this.#liveness.sent(now);
      this.#roundTrip.sent(now, acknowledgments.sentSamples);
      const { position, channels } = this.task.cursor;
      const samples = acknowledgments.sentSamples - before;
      this.#recentlySent.add(now, position - samples);
      this.task.transferred(1, samples * 2 * channels, 0);
    }
    if (this.task.cursor.position >= this.task.limit()) this.#stop(socket);
  }

  /**
   * On a resume, acknowledgments of what the connection before this one sent may come late. As long as nothing was sent on
   * this one, they cannot be mistaken for its own.
   */
  #opened(): void {
    this.#openedAtMs = performance.now();
    this.#liveness.opened(this.#openedAtMs);
    this.#sendFromMs = this.#openedAtMs + (this.task.isResumed ? this.timings.listenFirstMs : 0);
    this.#checks = setInterval(() => this.#check(), CHECK_EVERY_MS);
    this.pump();
  }

  #receive(message: GladiaMessage): void {
    this.#liveness.received(message.kind, performance.now());
    if (message.kind === 'acknowledged') {
      const bytes = this.#sender.acknowledge(message.startByte, message.endByte);
      this.#roundTrip.acknowledged(performance.now(), this.#sender.acknowledgments.acknowledgedSamples);
      if (bytes > 0) this.#acknowledged(bytes);
    }
    this.task.message(message);
    if (message.kind === 'session-ended') {
      this.#socket?.finish();
      this.#ended.resolve({ code: 1000 });
    }
  }

  #acknowledged(bytes: number): void {
    this.server.acknowledges = true;
    this.#lostAudio.acknowledged();
    this.task.transferred(0, 0, bytes);
  }

  #check(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    this.pump();
    const now = performance.now();
    const { outstandingSamples } = this.#sender.acknowledgments;
    this.#observeOutstanding(now, outstandingSamples);
    const verdict = this.#liveness.verdict(now, outstandingSamples, socket.bufferedBytes);
    this.#isLosingAudio = this.#lostAudio.isLosingAudio || verdict === 'losing-audio';
    if (verdict === 'dead' || this.#isLosingAudio) socket.drop();
    if (verdict === 'idle' && socket.isOpen && !this.#stopSent) {
      socket.sendKeepAlive();
      this.#liveness.sent(now);
    }
  }

  #observeOutstanding(nowMs: number, outstandingSamples: number): void {
    const { cursor } = this.task;
    const isUpToDate = cursor.available(this.task.limit()) < 2 * msToSamples(this.timings.chunkMs);
    const { oldestOutstanding = cursor.position } = this.#sender.acknowledgments;
    this.#lostAudio.observe(nowMs, samplesToMs(outstandingSamples), oldestOutstanding, isUpToDate);
  }

  /** Acknowledgments are counted by length: where audio was lost in between, the count does not say which. */
  get #oldestOutstanding(): number | undefined {
    return this.#isLosingAudio ? this.#lostAudio.intactUntil : this.#sender.acknowledgments.oldestOutstanding;
  }

  #stop(socket: GladiaSocket): void {
    this.#stopSent = true;
    socket.sendStop();
  }

  #abandon(): void {
    this.#socket?.detach();
    this.#ended.resolve({ code: 1006 });
  }
}

/** The log positions from which audio was sent within the last `keepMs`. */
class RecentlySent {
  readonly #sent: { readonly atMs: number; readonly position: number }[] = [];

  constructor(private readonly keepMs: number) {}

  add(nowMs: number, position: number): void {
    this.#sent.push({ atMs: nowMs, position });
    this.#forgetOld(nowMs);
  }

  /** The first of them. */
  from(nowMs: number): number | undefined {
    this.#forgetOld(nowMs);
    return this.#sent[0]?.position;
  }

  #forgetOld(nowMs: number): void {
    while (this.#sent[0] !== undefined && nowMs - this.#sent[0].atMs > this.keepMs) this.#sent.shift();
  }
}
