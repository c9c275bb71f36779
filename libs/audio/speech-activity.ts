import { powerOfDbfs } from './level.js';

/** Anything quieter is no speech, however quiet the room. */
const MIN_SPEECH = powerOfDbfs(-58);
/** Speech is at least 9 dB above the noise floor. */
const OVER_FLOOR = powerOfDbfs(9);
const FLOOR_AT_START = powerOfDbfs(-65);
/** The floor follows a quieter frame within about 100 ms and a louder one by 2 dB a second. */
const FLOOR_FALL = 0.2;
const FLOOR_RISE_PER_FRAME = powerOfDbfs(0.04);
const MIN_FLOOR = powerOfDbfs(-72);

/** Detects speech in a track: power above an adaptive noise floor, held over the gaps between syllables. */
export class SpeechActivity {
  readonly #hangoverFrames: number;
  #floor = FLOOR_AT_START;
  #hangover = 0;

  /** @param hangoverFrames for how many frames of 20 ms speech is held */
  constructor(hangoverFrames = 10) {
    this.#hangoverFrames = hangoverFrames;
  }

  /** Whether a frame of this mean power is above the noise. */
  isAboveNoise(power: number): boolean {
    return power > MIN_SPEECH && power > this.#floor * OVER_FLOOR;
  }

  /** Takes the mean power of the next frame. Returns whether it belongs to speech. */
  update(power: number): boolean {
    const speech = this.isAboveNoise(power);
    this.#hangover = speech ? this.#hangoverFrames : Math.max(0, this.#hangover - 1);
    this.#adaptFloor(power);
    return speech || this.#hangover > 0;
  }

  /** Digital silence is a muted microphone, not a quiet room: it does not change the floor. */
  #adaptFloor(power: number): void {
    if (power === 0) return;
    const adapted =
      power < this.#floor ? this.#floor + (power - this.#floor) * FLOOR_FALL : this.#floor * FLOOR_RISE_PER_FRAME;
    this.#floor = Math.max(MIN_FLOOR, adapted);
  }
}
