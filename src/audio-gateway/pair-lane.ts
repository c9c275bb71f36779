import type { StereoSplitter } from '../../libs/audio/stereo-splitter.js';
import type { FrameLane } from './frame-lane.js';

/** Two people on one stereo connection: each channel goes its own way from here. */
export class PairLane implements FrameLane {
  constructor(
    private readonly splitter: StereoSplitter,
    private readonly left: FrameLane,
    private readonly right: FrameLane,
  ) {}

  write(frame: Uint8Array): number {
    this.splitter.split(frame);
    this.left.write(this.splitter.left);
    return this.right.write(this.splitter.right);
  }

  /** Egress does not say which of the two it means, and sound decides anyway. */
  setMuted(): void {
    // Nothing to tell: see above.
  }

  close(): void {
    this.left.close();
    this.right.close();
  }
}
