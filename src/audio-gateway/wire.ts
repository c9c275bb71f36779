import type { Socket } from 'node:net';
import { FloodWatch, type Flood } from './flood-watch.js';
import { MissingSoundWatch } from './missing-sound-watch.js';
import type { MissingAudio } from '../media/track-audio-sink.js';
import type { SourceFormat } from './source-format.js';
import type { TrackSocket } from './track-socket.js';

/**
 * A live Egress never pauses, not even muted, so after nine looks without a frame nobody is there. Looks are counted, not
 * seconds: while this process stands still, frames lie unread.
 */
const HALF_OPEN_LOOKS = 9;
/** After so many, who goes or is replaced has not been heard since the last frame; what took less time was the way to here. */
const QUIET_LOOKS = 2;

type Brought = Pick<TrackSocket, 'frames' | 'receivedMs'>;

/** What a look at a connection finds. */
export interface WireFinding {
  readonly halfOpen: boolean;
  readonly flood: Flood | undefined;
  /** Sound that has just turned out to be lost before it came here. */
  readonly missing: MissingAudio | undefined;
}

/** What a connection is and has brought, counted by the operating system's socket and looked at, so that no frame costs. */
export class Wire {
  readonly #flood: FloodWatch;
  readonly #missing: MissingSoundWatch;
  #frames = 0;
  #quietLooks = 0;
  /** Nothing more is missed of it: its end was seen. */
  #isOver = false;

  constructor(
    readonly codec: SourceFormat['codec'],
    private readonly tcp: Socket,
    nowMs: number,
  ) {
    this.#flood = new FloodWatch(nowMs);
    this.#missing = new MissingSoundWatch(nowMs);
  }

  get bytesReceived(): number {
    return this.tcp.bytesRead;
  }

  /** A ping or a pong has come. */
  onPing(nowMs: number): Flood | undefined {
    return this.#flood.onPing(nowMs);
  }

  /** Once a second. */
  look({ frames, receivedMs }: Brought, nowMs: number): WireFinding {
    this.#quietLooks = frames === this.#frames ? this.#quietLooks + 1 : 0;
    this.#frames = frames;
    const halfOpen = this.#quietLooks >= HALF_OPEN_LOOKS;
    const late = this.#missing.look(receivedMs, nowMs);
    const missing = halfOpen ? this.end({ frames, receivedMs }, nowMs) : this.#misses ? late : undefined;
    const flood = this.#flood.look({ frames, bytes: this.bytesReceived, receivedMs }, nowMs);
    return { halfOpen, missing, flood };
  }

  /** What it has not brought since it fell silent, if it did. */
  lack({ frames, receivedMs }: Brought, nowMs: number): MissingAudio | undefined {
    if (!this.#misses || frames !== this.#frames || this.#quietLooks < QUIET_LOOKS) return undefined;
    return { lostMs: this.#missing.lackMs(receivedMs, nowMs), endedAgoMs: 0 };
  }

  /** Nothing more is expected of it. Returns what it lacks, once. */
  end(socket: Brought, nowMs: number): MissingAudio | undefined {
    const missing = this.lack(socket, nowMs);
    this.#isOver = true;
    return missing;
  }

  /** An Opus source may send nothing while nobody speaks, so only PCM is missed. */
  get #misses(): boolean {
    return this.codec === 'pcm' && !this.#isOver;
  }
}
