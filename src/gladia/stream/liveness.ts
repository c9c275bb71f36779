import { samplesToMs } from '../../media/audio-format.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';

/**
 * A backlog goes out at four times real time, and its acknowledgments may take as long as a connection may be silent; what
 * is outstanding beyond that was lost on the way.
 */
const MOST_OUTSTANDING = 4;

/** Between two looks no process that runs lets so much time pass. */
const STOOD_STILL_MS = 1_000;

export type Verdict = 'alive' | 'idle' | 'dead' | 'leaky';

/** What is known of a connection before it opens. */
export interface Expectation {
  /** The session has had sound: the server need not say once more that it records. */
  readonly isResumed: boolean;
  /** This server is known to acknowledge. */
  readonly acknowledges: boolean;
}

/** Whether a connection that looks open still leads somewhere. Ping and pong only prove the machine in between. */
export class Liveness {
  #openedAtMs = 0;
  #recording: boolean;
  #acknowledges: boolean;
  #sentAtMs = 0;
  #caughtUpAtMs = 0;
  #lookedAtMs = 0;
  readonly #buffered = { bytes: 0, sinceMs: 0 };

  constructor(
    private readonly timings: Pick<GladiaTimings, 'silenceTimeoutMs' | 'connectTimeoutMs' | 'keepAliveMs'>,
    { isResumed, acknowledges }: Expectation,
  ) {
    this.#recording = isResumed;
    this.#acknowledges = acknowledges;
  }

  opened(nowMs: number): void {
    this.#openedAtMs = this.#sentAtMs = this.#caughtUpAtMs = this.#buffered.sinceMs = this.#lookedAtMs = nowMs;
  }

  sent(nowMs: number): void {
    this.#sentAtMs = nowMs;
  }

  heard(kind: GladiaMessage['kind'], nowMs: number): void {
    if (kind === 'acknowledged') {
      this.#acknowledges = true;
      this.#caughtUpAtMs = nowMs;
    }
    if (kind === 'recording' || kind === 'acknowledged' || kind === 'transcript') this.#recording = true;
  }

  /** Asked again and again, every 50 ms or so. */
  verdict(nowMs: number, outstandingSamples: number, bufferedBytes: number): Verdict {
    this.#look(nowMs);
    if (outstandingSamples === 0) this.#caughtUpAtMs = nowMs;
    if (bufferedBytes === 0 || bufferedBytes < this.#buffered.bytes) this.#buffered.sinceMs = nowMs;
    this.#buffered.bytes = bufferedBytes;
    const neverBegan = !this.#recording && nowMs - this.#openedAtMs > this.timings.connectTimeoutMs;
    const unanswered = this.#acknowledges && nowMs - this.#caughtUpAtMs > this.timings.silenceTimeoutMs;
    const outstandingMs = samplesToMs(outstandingSamples);
    const leaky = this.#acknowledges && outstandingMs > MOST_OUTSTANDING * this.timings.silenceTimeoutMs;
    const stuck = nowMs - this.#buffered.sinceMs > this.timings.silenceTimeoutMs;
    if (neverBegan || unanswered || stuck) return 'dead';
    if (leaky) return 'leaky';
    return nowMs - this.#sentAtMs > this.timings.keepAliveMs ? 'idle' : 'alive';
  }

  /** Where this process itself stood still, the other side's answers lie unread: that time does not count. */
  #look(nowMs: number): void {
    const stoodStillMs = nowMs - this.#lookedAtMs;
    this.#lookedAtMs = nowMs;
    if (stoodStillMs < STOOD_STILL_MS) return;
    this.#openedAtMs += stoodStillMs;
    this.#sentAtMs += stoodStillMs;
    this.#caughtUpAtMs += stoodStillMs;
    this.#buffered.sinceMs += stoodStillMs;
  }
}
