import { powerOfDbfs } from '../../libs/audio/level.js';
import { SpeechActivity } from '../../libs/audio/speech-activity.js';

/** Louder than that is never taken for a pause, not even steady noise. */
const LOUDEST_PAUSE = powerOfDbfs(-40);
/** The beginning of a pause is kept: it parts sentences. */
const KEPT_FRAMES = 10;
/** So far from the last word, half a frame more or less is heard by nobody. */
const LULL_FRAMES = 2;

/** Among words, in the beginning of a pause or between two words, or well within a pause. */
export type Place = 'sound' | 'lull' | 'pause';

/** Tells speech from the pauses of a track, frame by frame. */
export class PauseDetector {
  readonly #activity = new SpeechActivity(5);
  #quietFrames = 0;
  /** Whether the last frame belonged to speech. */
  speech = false;

  /** Takes the mean power of the next frame. */
  update(power: number): void {
    this.speech = this.#activity.update(power);
    this.#quietFrames = this.speech || power > LOUDEST_PAUSE ? 0 : this.#quietFrames + 1;
  }

  /** Where a frame of that power would lie, if it came next. */
  placeOf(power: number): Place {
    if (power > LOUDEST_PAUSE || this.#quietFrames < LULL_FRAMES || this.#activity.standsOut(power)) return 'sound';
    return this.#quietFrames < KEPT_FRAMES ? 'lull' : 'pause';
  }
}
