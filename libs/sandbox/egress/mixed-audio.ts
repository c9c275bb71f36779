import type { TrackAudio } from './track-audio.js';

/** Hears several tracks as one; which ones may change from frame to frame. */
export class MixedAudio implements TrackAudio {
  readonly muted = false;
  #part = new Int16Array(0);

  constructor(
    private readonly parts: () => readonly TrackAudio[],
    private readonly isOver: () => boolean,
  ) {}

  get ended(): boolean {
    return this.isOver();
  }

  read(frame: Int16Array): boolean {
    frame.fill(0);
    if (this.#part.length !== frame.length) this.#part = new Int16Array(frame.length);
    let spoken = false;
    for (const track of this.parts()) {
      if (!track.read(this.#part)) continue;
      addInto(frame, this.#part);
      spoken = true;
    }
    return spoken;
  }
}

function addInto(sum: Int16Array, part: Int16Array): void {
  for (let i = 0; i < sum.length; i++) {
    sum[i] = Math.max(-32_768, Math.min(32_767, (sum[i] as number) + (part[i] as number)));
  }
}
