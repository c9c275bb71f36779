import type { Socket } from 'node:net';
import type { MissingAudio } from '../media/track-audio-sink.js';
import { FloodDetector, type Flood } from './flood-detector.js';
import { MissingAudioDetector } from './missing-audio-detector.js';
import type { SourceFormat } from './source-format.js';
import type { TrackSocket } from './track-socket.js';

/**
 * A live Egress never pauses, not even muted, so after nine checks without a frame the connection is dead. Checks are
 * counted, not seconds: while this process stands still, frames lie unread.
 */
const HALF_OPEN_CHECKS = 9;
/**
 * A connection that ends after so many checks without a frame has lost what it would have sent since its last one. A
 * shorter silence may be the delay of the network.
 */
const SILENT_CHECKS = 2;

type Received = Pick<TrackSocket, 'frames' | 'receivedMs'>;

export interface ConnectionState {
  /** Nobody is at the other end. */
  readonly halfOpen: boolean;
  readonly flood: Flood | undefined;
  /** Audio that turned out at this check to be lost before it arrived. */
  readonly missing: MissingAudio | undefined;
}

/** Checks one connection once a second, by counters that exist anyway, so that it costs nothing per frame. */
export class ConnectionMonitor {
  readonly #floods: FloodDetector;
  readonly #missing: MissingAudioDetector;
  #frames = 0;
  #silentChecks = 0;
  #ended = false;

  constructor(
    readonly codec: SourceFormat['codec'],
    private readonly tcp: Socket,
    nowMs: number,
  ) {
    this.#floods = new FloodDetector(nowMs);
    this.#missing = new MissingAudioDetector(nowMs);
  }

  get bytesReceived(): number {
    return this.tcp.bytesRead;
  }

  /** To be called for each ping and pong. */
  onPing(nowMs: number): Flood | undefined {
    return this.#floods.onPing(nowMs);
  }

  /** To be called once a second. */
  check({ frames, receivedMs }: Received, nowMs: number): ConnectionState {
    this.#silentChecks = frames === this.#frames ? this.#silentChecks + 1 : 0;
    this.#frames = frames;
    const halfOpen = this.#silentChecks >= HALF_OPEN_CHECKS;
    const lost = this.#missing.check(receivedMs, nowMs);
    const missing = halfOpen ? this.end({ frames, receivedMs }, nowMs) : this.#canMiss ? lost : undefined;
    const flood = this.#floods.check({ frames, bytes: this.bytesReceived, receivedMs }, nowMs);
    return { halfOpen, missing, flood };
  }

  /** What the connection has not sent since it fell silent, if it did. */
  missingAudio({ frames, receivedMs }: Received, nowMs: number): MissingAudio | undefined {
    if (!this.#canMiss || frames !== this.#frames || this.#silentChecks < SILENT_CHECKS) return undefined;
    return { lostMs: this.#missing.missingMs(receivedMs, nowMs), endedAgoMs: 0 };
  }

  /** Expects nothing more from it. Returns the audio that is missing; undefined when called again. */
  end(received: Received, nowMs: number): MissingAudio | undefined {
    const missing = this.missingAudio(received, nowMs);
    this.#ended = true;
    return missing;
  }

  /** An Opus source may send nothing while nobody speaks, so only PCM can be missing. */
  get #canMiss(): boolean {
    return this.codec === 'pcm' && !this.#ended;
  }
}
