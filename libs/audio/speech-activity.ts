import { powerOfDbfs } from './level.js';

/** Nothing below is taken for speech, however quiet the room. */
const FAINTEST_SPEECH = powerOfDbfs(-58);
const OVER_FLOOR = powerOfDbfs(9);
const FLOOR_AT_START = powerOfDbfs(-65);
/** The floor follows a quieter frame within about 100 ms and a louder one by 2 dB a second. */
const FLOOR_FALL = 0.2;
const FLOOR_RISE_PER_FRAME = powerOfDbfs(0.04);
const LOWEST_FLOOR = powerOfDbfs(-72);

/** Whether a track carries speech: power over a noise floor that adapts, held over the gaps between syllables. */
export class SpeechActivity {
  readonly #hangoverFrames: number;
  #floor = FLOOR_AT_START;
  #held = 0;

  /** Frames are of 20 ms. */
  constructor(hangoverFrames = 10) {
    this.#hangoverFrames = hangoverFrames;
  }

  /** Whether a frame of that mean power stands out of the noise. */
  standsOut(power: number): boolean {
    return power > FAINTEST_SPEECH && power > this.#floor * OVER_FLOOR;
  }

  /** Takes the mean power of the next frame and says whether it belongs to speech. */
  update(power: number): boolean {
    const speech = this.standsOut(power);
    this.#held = speech ? this.#hangoverFrames : Math.max(0, this.#held - 1);
    this.#follow(power);
    return speech || this.#held > 0;
  }

  /** Digital silence is a muted microphone, not a quiet room: it teaches nothing. */
  #follow(power: number): void {
    if (power === 0) return;
    const followed =
      power < this.#floor ? this.#floor + (power - this.#floor) * FLOOR_FALL : this.#floor * FLOOR_RISE_PER_FRAME;
    this.#floor = Math.max(LOWEST_FLOOR, followed);
  }
}
