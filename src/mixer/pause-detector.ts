import { powerOfDbfs } from '../../libs/audio/level.js';
import { SpeechActivity } from '../../libs/audio/speech-activity.js';

/** Louder than that is never taken for a pause, not even steady noise. */
const LOUDEST_PAUSE = powerOfDbfs(-40);
/** The beginning of a pause is kept: it parts sentences. */
const KEPT_FRAMES = 10;

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

  /** Whether a frame of that power, which comes next, would only make a pause longer. */
  prolongs(power: number): boolean {
    return this.#quietFrames >= KEPT_FRAMES && power <= LOUDEST_PAUSE && !this.#activity.standsOut(power);
  }
}
