/** A stretch in which somebody speaks, known or not; `endMs` is undefined while it lasts. */
export interface Stretch {
  readonly startMs: number;
  endMs: number | undefined;
}

const frameMs = 20;
const activePower = (32768 * 10 ** (-45 / 20)) ** 2;
const onsetFrames = 3;
const hangoverMs = 300;
const rememberedMs = 10_000;

/** Energy alone: three active frames of 20 ms begin a stretch, 300 ms without one end it. */
export class VoiceActivity {
  #nowMs = 0;
  readonly #activeFrames: number[] = [];
  #onset = 0;
  #current: Stretch | undefined;

  /** Takes the next 20 ms; returns the stretch that began or ended with it. */
  write(frame: Int16Array): Stretch | undefined {
    const startMs = this.#nowMs;
    this.#nowMs += frameMs;
    return isActive(frame) ? this.#onActive(startMs) : this.#onQuiet();
  }

  /** Whether anybody spoke between the two. */
  wasActive(fromMs: number, toMs: number): boolean {
    return this.#activeFrames.some((startMs) => startMs + frameMs > fromMs && startMs < toMs);
  }

  #onActive(startMs: number): Stretch | undefined {
    this.#activeFrames.push(startMs);
    if (this.#activeFrames[0]! < startMs - rememberedMs) this.#activeFrames.splice(0, 1);
    this.#onset++;
    if (this.#current || this.#onset < onsetFrames) return undefined;
    this.#current = { startMs: startMs - (onsetFrames - 1) * frameMs, endMs: undefined };
    return this.#current;
  }

  #onQuiet(): Stretch | undefined {
    this.#onset = 0;
    const lastMs = this.#activeFrames.at(-1) ?? 0;
    return this.#nowMs - lastMs > hangoverMs ? this.#end() : undefined;
  }

  #end(): Stretch | undefined {
    const ended = this.#current;
    this.#current = undefined;
    this.#onset = 0;
    if (ended) ended.endMs = (this.#activeFrames.at(-1) ?? ended.startMs) + frameMs;
    return ended;
  }
}

function isActive(frame: Int16Array): boolean {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return sum > activePower * frame.length;
}
