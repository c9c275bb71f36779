const FRAME_SAMPLES = 320;

/** Frames that each say their own number, at both ends, so that what arrived can be told to the frame. */
export class CountedSound {
  #frame = new Int16Array(FRAME_SAMPLES);
  frames = 0;

  next() {
    const low = this.frames % 32_768;
    this.#frame.fill(low);
    this.#frame[0] = Math.floor(this.frames / 32_768);
    this.frames += 1;
    return this.#frame;
  }
}
