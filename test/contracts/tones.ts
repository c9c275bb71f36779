const RATE_HZ = 16_000;
/** Both tones of the contract tests swing a whole number of times in so much. */
const WINDOW_SAMPLES = RATE_HZ / 5;
const LOUD = 1_000;

/** The tones that people in the contract tests make. */
export const TONES_HZ = [440, 900] as const;

/** Which of these tones the last 200 ms of a track hold. */
export class Tones {
  samples = 0;
  heardHz: readonly number[] = [];
  readonly #window = new Float64Array(WINDOW_SAMPLES);
  #filled = 0;

  forget(): void {
    this.heardHz = [];
    this.#filled = 0;
  }

  write(samples: Int16Array): void {
    this.samples += samples.length;
    for (const sample of samples) this.#take(sample);
  }

  #take(sample: number): void {
    this.#window[this.#filled++] = sample;
    if (this.#filled < WINDOW_SAMPLES) return;
    this.#filled = 0;
    this.heardHz = TONES_HZ.filter((hz) => amplitude(this.#window, hz) > LOUD);
  }
}

/** How much of a tone there is in the samples. */
function amplitude(samples: Float64Array, hz: number): number {
  let [inPhase, across] = [0, 0];
  for (const [n, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hz * n) / RATE_HZ;
    inPhase += sample * Math.cos(angle);
    across += sample * Math.sin(angle);
  }
  return (2 * Math.hypot(inPhase, across)) / samples.length;
}
