import { samplesToMs } from '../../media/audio-format.js';
import type { GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';

/**
 * A backlog is sent at four times real time, and its acknowledgments may take as long as a connection may be silent: audio
 * that is outstanding beyond that was lost on the way.
 */
const MAX_OUTSTANDING_SILENCES = 4;

/** Checks come every 50 ms or so; after a longer pause than this, the process itself did not run. */
const STALL_MS = 1_000;

/**
 * - `idle`: alive, but nothing was sent for so long that Gladia would close it
 * - `losing-audio`: alive, but audio that is sent does not arrive
 */
export type Verdict = 'alive' | 'idle' | 'dead' | 'losing-audio';

/** What is known about a connection before it opens. */
export interface Expectation {
  /** The session has received audio: the server need not say again that it is recording. */
  readonly isResumed: boolean;
  /** This server is known to acknowledge. */
  readonly acknowledges: boolean;
}

/**
 * Whether a connection that looks open still leads to the engine, by what is sent and acknowledged. Ping and pong only
 * prove that the machine in between is there.
 */
export class Liveness {
  #openedAtMs = 0;
  #isRecording: boolean;
  #acknowledges: boolean;
  #sentAtMs = 0;
  /** When something was acknowledged, or nothing was outstanding. */
  #caughtUpAtMs = 0;
  #checkedAtMs = 0;
  readonly #buffered = { bytes: 0, sinceMs: 0 };

  constructor(
    private readonly timings: Pick<GladiaTimings, 'silenceTimeoutMs' | 'connectTimeoutMs' | 'keepAliveMs'>,
    { isResumed, acknowledges }: Expectation,
  ) {
    this.#isRecording = isResumed;
    this.#acknowledges = acknowledges;
  }

  opened(nowMs: number): void {
    this.#openedAtMs = this.#sentAtMs = this.#caughtUpAtMs = this.#buffered.sinceMs = this.#checkedAtMs = nowMs;
  }

  sent(nowMs: number): void {
    this.#sentAtMs = nowMs;
  }

  received(kind: GladiaMessage['kind'], nowMs: number): void {
    if (kind === 'acknowledged') {
      this.#acknowledges = true;
      this.#caughtUpAtMs = nowMs;
    }
    if (kind === 'recording' || kind === 'acknowledged' || kind === 'transcript') this.#isRecording = true;
  }

  /** To be called every 50 ms or so. */
  verdict(nowMs: number, outstandingSamples: number, bufferedBytes: number): Verdict {
    this.#excludeStall(nowMs);
    if (outstandingSamples === 0) this.#caughtUpAtMs = nowMs;
    if (bufferedBytes === 0 || bufferedBytes < this.#buffered.bytes) this.#buffered.sinceMs = nowMs;
    this.#buffered.bytes = bufferedBytes;
    const { silenceTimeoutMs, connectTimeoutMs, keepAliveMs } = this.timings;
    const neverRecorded = !this.#isRecording && nowMs - this.#openedAtMs > connectTimeoutMs;
    const isUnanswered = this.#acknowledges && nowMs - this.#caughtUpAtMs > silenceTimeoutMs;
    const isStuck = nowMs - this.#buffered.sinceMs > silenceTimeoutMs;
    if (neverRecorded || isUnanswered || isStuck) return 'dead';
    const maxOutstandingMs = MAX_OUTSTANDING_SILENCES * silenceTimeoutMs;
    if (this.#acknowledges && samplesToMs(outstandingSamples) > maxOutstandingMs) return 'losing-audio';
    return nowMs - this.#sentAtMs > keepAliveMs ? 'idle' : 'alive';
  }

  /** While this process did not run, the server's answers lie unread: that time does not count. */
  #excludeStall(nowMs: number): void {
    const stallMs = nowMs - this.#checkedAtMs;
    this.#checkedAtMs = nowMs;
    if (stallMs < STALL_MS) return;
    this.#openedAtMs += stallMs;
    this.#sentAtMs += stallMs;
    this.#caughtUpAtMs += stallMs;
    this.#buffered.sinceMs += stallMs;
  }
}
