import { powerOfDbfs } from '../../libs/audio/level.js';
import { SpeechActivity } from '../../libs/audio/speech-activity.js';

/** Anything louder is no pause, not even steady noise. */
const LOUDEST_PAUSE = powerOfDbfs(-40);
/** The first 200 ms of a pause are kept: they separate sentences. */
const KEPT_FRAMES = 10;
/** From 40 ms after the last word on, half a frame more or less is inaudible. */
const LULL_FRAMES = 2;

/** `sound`: within words; `lull`: between two words or in the first 200 ms of a pause; `pause`: later in a pause. */
export type FrameKind = 'sound' | 'lull' | 'pause';

/** Distinguishes the speech of a track from its pauses, frame by frame. */
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

  /** The kind of a frame of this mean power if it came next. */
  classify(power: number): FrameKind {
    if (power > LOUDEST_PAUSE || this.#quietFrames < LULL_FRAMES || this.#activity.isAboveNoise(power)) return 'sound';
    return this.#quietFrames < KEPT_FRAMES ? 'lull' : 'pause';
  }
}
