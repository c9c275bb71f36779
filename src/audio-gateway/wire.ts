import type { Socket } from 'node:net';
import { FloodWatch, type Flood } from './flood-watch.js';
import { MissingSound } from './missing-sound.js';
import type { SourceFormat } from './source-format.js';
import type { TrackSocket } from './track-socket.js';

/**
 * A live Egress never pauses, not even muted, so after nine looks without a frame nobody is there. Looks are counted, not
 * seconds: while this process stands still, frames lie unread.
 */
const HALF_OPEN_LOOKS = 9;

/** What a look at a connection finds. */
export interface WireFinding {
  readonly halfOpen: boolean;
  readonly flood: Flood | undefined;
  /** How much of its sound has just turned out to be lost before it came here. */
  readonly lostMs: number;
}

/** What a connection is and has brought, counted by the operating system's socket and looked at, so that no frame costs. */
export class Wire {
  readonly #flood: FloodWatch;
  readonly #missing: MissingSound;
  #frames = 0;
  #quietLooks = 0;

  constructor(
    readonly codec: SourceFormat['codec'],
    private readonly tcp: Socket,
    nowMs: number,
  ) {
    this.#flood = new FloodWatch(nowMs);
    this.#missing = new MissingSound(nowMs);
  }

  get bytesReceived(): number {
    return this.tcp.bytesRead;
  }

  /** A ping or a pong has come. */
  onPing(nowMs: number): Flood | undefined {
    return this.#flood.onPing(nowMs);
  }

  /** Once a second. */
  look({ frames, receivedMs }: Pick<TrackSocket, 'frames' | 'receivedMs'>, nowMs: number): WireFinding {
    this.#quietLooks = frames === this.#frames ? this.#quietLooks + 1 : 0;
    this.#frames = frames;
    return {
      halfOpen: this.#quietLooks >= HALF_OPEN_LOOKS,
      flood: this.#flood.look({ frames, bytes: this.bytesReceived, receivedMs }, nowMs),
      // An Opus source may send nothing while nobody speaks, so only PCM is missed.
      lostMs: this.codec === 'pcm' ? this.#missing.look(receivedMs, nowMs) : 0,
    };
  }
}
