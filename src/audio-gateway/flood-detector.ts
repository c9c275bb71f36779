import { TokenBucket } from '../async/token-bucket.js';

/** Counted since a connection opened. */
export interface ConnectionCounts {
  readonly frames: number;
  readonly bytes: number;
  /** Of audio. */
  readonly receivedMs: number;
}

export type Flood = 'frame-flood' | 'byte-flood' | 'ping-flood' | 'too-fast';

/** Opus packets of 2.5 ms, the shortest there are. */
const FRAMES_PER_SECOND = 400;
/** Twice what 48 kHz stereo takes: frame headers and control frames count, too. */
const BYTES_PER_SECOND = 384_000;
/** What a source holds back while this process stands still arrives at once, and is a minute of audio at most. */
const BURST_S = 60;
/** Egress sends one every 30 s. */
const PINGS_AT_ONCE = 20;
const PINGS_PER_SECOND = 1;

/**
 * Finds connections that send more than any audio source has reason to, whatever it is: empty frames, fragments that never
 * become a message, pings, audio faster than real time. Checked now and then, so that it costs nothing per frame.
 */
export class FloodDetector {
  readonly #frames: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #audioMs: TokenBucket;
  readonly #pings: TokenBucket;
  #last: ConnectionCounts = { frames: 0, bytes: 0, receivedMs: 0 };

  constructor(openedAtMs: number) {
    this.#frames = new TokenBucket(BURST_S * FRAMES_PER_SECOND, FRAMES_PER_SECOND, openedAtMs);
    this.#bytes = new TokenBucket(BURST_S * BYTES_PER_SECOND, BYTES_PER_SECOND, openedAtMs);
    this.#audioMs = new TokenBucket(BURST_S * 1_000, 1_000, openedAtMs);
    this.#pings = new TokenBucket(PINGS_AT_ONCE, PINGS_PER_SECOND, openedAtMs);
  }

  /** To be called for each ping and pong. */
  onPing(nowMs: number): Flood | undefined {
    return this.#pings.take(nowMs) ? undefined : 'ping-flood';
  }

  check(counts: ConnectionCounts, nowMs: number): Flood | undefined {
    const last = this.#last;
    this.#last = counts;
    if (!this.#audioMs.take(nowMs, counts.receivedMs - last.receivedMs)) return 'too-fast';
    if (!this.#frames.take(nowMs, counts.frames - last.frames)) return 'frame-flood';
    return this.#bytes.take(nowMs, counts.bytes - last.bytes) ? undefined : 'byte-flood';
  }
}
