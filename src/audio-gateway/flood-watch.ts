import { Allowance } from './allowance.js';

/** What a connection has brought since it opened. */
export interface WireCount {
  readonly frames: number;
  readonly bytes: number;
  /** Of sound. */
  readonly receivedMs: number;
}

export type Flood = 'frame-flood' | 'byte-flood' | 'ping-flood' | 'too-fast';

/** Opus packets of 2.5 ms, the shortest there are. */
const FRAMES_PER_SECOND = 400;
/** Twice what stereo at 48 kHz takes, for the heads of frames and what else is on the wire. */
const BYTES_PER_SECOND = 384_000;
/** What the source holds back while this process stands still comes at once, and is at most a minute of sound. */
const BURST_S = 60;
/** Egress sends one every 30 s. */
const PINGS_AT_ONCE = 20;

/**
 * Whether a connection brings more than any source has cause to, whatever is in it: empty frames, fragments that never
 * make a message, pings. Looked at now and then, so that a frame costs nothing.
 */
export class FloodWatch {
  readonly #frames: Allowance;
  readonly #bytes: Allowance;
  readonly #soundMs: Allowance;
  readonly #pings: Allowance;
  #seen: WireCount = { frames: 0, bytes: 0, receivedMs: 0 };

  constructor(startedAtMs: number) {
    this.#frames = new Allowance(BURST_S * FRAMES_PER_SECOND, FRAMES_PER_SECOND, startedAtMs);
    this.#bytes = new Allowance(BURST_S * BYTES_PER_SECOND, BYTES_PER_SECOND, startedAtMs);
    this.#soundMs = new Allowance(BURST_S * 1_000, 1_000, startedAtMs);
    this.#pings = new Allowance(PINGS_AT_ONCE, 1, startedAtMs);
  }

  /** A ping or a pong has come. */
  onPing(nowMs: number): Flood | undefined {
    return this.#pings.take(1, nowMs) ? undefined : 'ping-flood';
  }

  /** @param now counted since the connection opened */
  look(now: WireCount, nowMs: number): Flood | undefined {
    const { frames, bytes, receivedMs } = this.#seen;
    this.#seen = now;
    if (!this.#soundMs.take(now.receivedMs - receivedMs, nowMs)) return 'too-fast';
    if (!this.#frames.take(now.frames - frames, nowMs)) return 'frame-flood';
    return this.#bytes.take(now.bytes - bytes, nowMs) ? undefined : 'byte-flood';
  }
}
