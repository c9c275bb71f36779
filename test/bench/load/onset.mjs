const THRESHOLD = 3000;
const QUIET_SAMPLES = 1600;

/** Finds where a tone begins after at least 100 ms without one. */
export class OnsetDetector {
  #quiet = 0;

  /** Whether a tone begins in these S16LE bytes. */
  hears(bytes) {
    let onset = false;
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      const loud = Math.abs(bytes.readInt16LE(at)) > THRESHOLD;
      if (loud && this.#quiet >= QUIET_SAMPLES) onset = true;
      this.#quiet = loud ? 0 : this.#quiet + 1;
    }
    return onset;
  }
}
