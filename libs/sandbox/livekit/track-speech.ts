interface Utterance {
  readonly startSample: number;
  samples: Int16Array;
}

const REMEMBERED_SAMPLES = 48_000 * 5;

/** What is said on a track, placed on the room's clock (48 kHz mono). One person: utterances follow each other. */
export class TrackSpeech {
  readonly #utterances: Utterance[] = [];

  /** Says `samples` now, or after what is being said; returns the sample at which they end. */
  add(samples: Int16Array, nowSample: number): number {
    const startSample = Math.max(nowSample, this.#endSample());
    this.#utterances.push({ startSample, samples });
    this.#forgetBefore(nowSample - REMEMBERED_SAMPLES);
    return startSample + samples.length;
  }

  /** Falls silent at `nowSample`. */
  cut(nowSample: number): void {
    for (const utterance of this.#utterances) {
      const said = Math.max(0, nowSample - utterance.startSample);
      utterance.samples = utterance.samples.subarray(0, said);
    }
  }

  /** Copies what is said from `fromSample` on into `frame`; silence elsewhere. Tells whether anything is said. */
  read(fromSample: number, frame: Int16Array): boolean {
    frame.fill(0);
    let spoken = false;
    for (const { startSample, samples } of this.#utterances) {
      const skipped = fromSample - startSample;
      const part = samples.subarray(Math.max(0, skipped), Math.max(0, skipped + frame.length));
      if (part.length === 0) continue;
      frame.set(part, Math.max(0, -skipped));
      spoken = true;
    }
    return spoken;
  }

  #endSample(): number {
    const last = this.#utterances.at(-1);
    return last === undefined ? 0 : last.startSample + last.samples.length;
  }

  #forgetBefore(sample: number): void {
    const kept = this.#utterances.filter((u) => u.startSample + u.samples.length > sample);
    this.#utterances.splice(0, this.#utterances.length, ...kept);
  }
}
