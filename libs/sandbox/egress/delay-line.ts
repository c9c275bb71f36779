import { SILENT_FRAME } from './stereo-capture.js';

/** The pipeline of Egress: a frame comes out `frames` ticks after it went in. */
export class DelayLine {
  readonly #frames: Buffer[] = [];

  /** `primed` frames of silence are in it already when it starts. */
  constructor(
    private readonly capacityFrames: number,
    primedFrames: number,
  ) {
    for (let i = 0; i < Math.min(primedFrames, capacityFrames); i++) this.#frames.push(SILENT_FRAME);
  }

  /** Takes a frame in; gives the one that is due, once the line is full. */
  push(frame: Buffer): Buffer | undefined {
    this.#frames.push(frame);
    return this.#frames.length > this.capacityFrames ? this.#frames.shift() : undefined;
  }

  /** What is left, frame by frame, when nothing more goes in. */
  drain(): Buffer | undefined {
    return this.#frames.shift();
  }

  /** Loses what is in it. */
  clear(): void {
    this.#frames.length = 0;
  }
}
