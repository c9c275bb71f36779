import { FRAME_MS } from '../media/audio-format.js';

/** Three minutes: as far back as a transcript can refer. */
export const KEPT_FRAMES = 180_000 / FRAME_MS;
/** The usual power is averaged over the last ten seconds of speech. */
const USUAL_SPEECH_FRAMES = 10_000 / FRAME_MS;
const SPEECH = 0x8000;
const POWER_BITS = 0x7fff;

/** A hundredth of a decibel. */
const STEPS_PER_DB = 100;
const MIN_DBFS = -150;
const MAX_DBFS = 0;
const CODES = (MAX_DBFS - MIN_DBFS) * STEPS_PER_DB + 2;

/** Power by code; code 0 is silence. */
const POWERS = Float32Array.from({ length: CODES }, (_, code) =>
  code === 0 ? 0 : 10 ** (((code - 1) / STEPS_PER_DB + MIN_DBFS) / 10),
);

/** Encodes a mean power of 0..1 in 14 bits, with a resolution of a hundredth of a decibel. @internal */
export function encodePower(power: number): number {
  if (power <= 0) return 0;
  const steps = Math.round((10 * Math.log10(power) - MIN_DBFS) * STEPS_PER_DB) + 1;
  return Math.max(1, Math.min(CODES - 1, steps));
}

/** The power that a code stands for. @internal */
export function decodePower(code: number): number {
  return POWERS[code] ?? 0;
}

/** Power and speech activity of one track in the mix, for the last three minutes, by frame of the session. */
export class TrackHistory {
  /** By frame: its encoded power, and in the highest bit whether it is speech. */
  #frames = new Uint16Array(0);
  #lastFrame = -1;
  #lastSpeechFrame = -1;
  #speechFrames = 0;
  #meanPower = 0;
  #meanSquare = 0;

  /**
   * The power at which this track usually speaks; 0 before it ever did. It is a mean weighted by power, so that crosstalk,
   * which is faint, hardly counts even if it is most of what the microphone picks up.
   */
  get usualPower(): number {
    return this.#meanPower === 0 ? 0 : this.#meanSquare / this.#meanPower;
  }

  /** The last frame that was recorded; -1 before any was. */
  get lastFrame(): number {
    return this.#lastFrame;
  }

  /** The last frame with speech; -1 before there was any. */
  get lastSpeechFrame(): number {
    return this.#lastSpeechFrame;
  }

  /** Records a frame; frames left out since the last call count as silent. */
  record(frame: number, power: number, speech: boolean): void {
    if (this.#frames.length === 0) this.#frames = new Uint16Array(KEPT_FRAMES);
    const silentFrom = Math.max(this.#lastFrame + 1, frame - KEPT_FRAMES + 1);
    for (let silent = silentFrom; silent < frame; silent++) this.#frames[silent % KEPT_FRAMES] = 0;
    this.#frames[frame % KEPT_FRAMES] = encodePower(power) | (speech ? SPEECH : 0);
    this.#lastFrame = frame;
    if (!speech) return;
    this.#lastSpeechFrame = frame;
    this.#updateUsualPower(power);
  }

  powerAt(frame: number): number {
    return this.#isKept(frame) ? decodePower((this.#frames[frame % KEPT_FRAMES] ?? 0) & POWER_BITS) : 0;
  }

  speechAt(frame: number): boolean {
    return this.#isKept(frame) && ((this.#frames[frame % KEPT_FRAMES] ?? 0) & SPEECH) !== 0;
  }

  #isKept(frame: number): boolean {
    return frame >= 0 && frame <= this.#lastFrame && frame > this.#lastFrame - KEPT_FRAMES;
  }

  #updateUsualPower(power: number): void {
    this.#speechFrames = Math.min(USUAL_SPEECH_FRAMES, this.#speechFrames + 1);
    this.#meanPower += (power - this.#meanPower) / this.#speechFrames;
    this.#meanSquare += (power * power - this.#meanSquare) / this.#speechFrames;
  }
}
