import { FRAME_MS } from '../media/audio-format.js';
import { codeOfPower, powerOfCode } from './power-encoding.js';

/** What a transcript may still refer to. */
export const KEPT_FRAMES = 180_000 / FRAME_MS;
/** Ten seconds of speech settle how loud somebody usually speaks. */
const USUAL_SPEECH_FRAMES = 10_000 / FRAME_MS;
const SPEECH = 0x8000;
const POWER_BITS = 0x7fff;

/** How loud one track was in the mix, and whether it carried speech, for the last three minutes; by frames of the session. */
export class TrackHistory {
  /** By frame: the code of its power, and in the highest bit whether it is speech. */
  #frames = new Uint16Array(0);
  #lastFrame = -1;
  #lastSpeechFrame = -1;
  #speechFrames = 0;
  #meanPower = 0;
  #meanSquare = 0;

  /**
   * How loud this track usually speaks; 0 before it ever spoke. The mean that counts each moment by its own power: what
   * leaks in from other microphones, though it be most of what is heard, hardly counts.
   */
  get usualPower(): number {
    return this.#meanPower === 0 ? 0 : this.#meanSquare / this.#meanPower;
  }

  /** The last frame in which the track was heard. */
  get lastFrame(): number {
    return this.#lastFrame;
  }

  /** The last frame in which it carried speech; -1 before it ever did. */
  get lastSpeechFrame(): number {
    return this.#lastSpeechFrame;
  }

  /** Frames that are not recorded were silent. */
  record(frame: number, power: number, speech: boolean): void {
    if (this.#frames.length === 0) this.#frames = new Uint16Array(KEPT_FRAMES);
    const silentFrom = Math.max(this.#lastFrame + 1, frame - KEPT_FRAMES + 1);
    for (let silent = silentFrom; silent < frame; silent++) this.#frames[silent % KEPT_FRAMES] = 0;
    this.#frames[frame % KEPT_FRAMES] = codeOfPower(power) | (speech ? SPEECH : 0);
    this.#lastFrame = frame;
    if (!speech) return;
    this.#lastSpeechFrame = frame;
    this.#learn(power);
  }

  powerAt(frame: number): number {
    return this.#kept(frame) ? powerOfCode((this.#frames[frame % KEPT_FRAMES] ?? 0) & POWER_BITS) : 0;
  }

  speechAt(frame: number): boolean {
    return this.#kept(frame) && ((this.#frames[frame % KEPT_FRAMES] ?? 0) & SPEECH) !== 0;
  }

  #kept(frame: number): boolean {
    return frame >= 0 && frame <= this.#lastFrame && frame > this.#lastFrame - KEPT_FRAMES;
  }

  #learn(power: number): void {
    this.#speechFrames = Math.min(USUAL_SPEECH_FRAMES, this.#speechFrames + 1);
    this.#meanPower += (power - this.#meanPower) / this.#speechFrames;
    this.#meanSquare += (power * power - this.#meanSquare) / this.#speechFrames;
  }
}
