const THRESHOLD = 3000;
const QUIET_SAMPLES = 1600;

/** Finds where a tone begins after at least 100 ms without one. */
export class OnsetDetector {
  #quietSamples = 0;

  /** Whether a tone begins in these S16LE bytes. */
  findsOnset(bytes: Buffer): boolean {
    let onset = false;
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      const loud = Math.abs(bytes.readInt16LE(at)) > THRESHOLD;
      if (loud && this.#quietSamples >= QUIET_SAMPLES) onset = true;
      this.#quietSamples = loud ? 0 : this.#quietSamples + 1;
    }
    return onset;
  }
}
