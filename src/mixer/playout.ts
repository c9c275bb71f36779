import { REACH } from '../../libs/audio/fractional-delay.js';
import { meanPower } from '../../libs/audio/level.js';
import { PARTS_OF_A_SAMPLE, bestShift, splice } from '../../libs/audio/splice.js';
import { FRAME_SAMPLES, msToSamples } from '../media/audio-format.js';
import type { ElasticRing } from './elastic-ring.js';
import { JitterEstimator, type Correction } from './jitter-estimator.js';
import { PauseDetector, type Place } from './pause-detector.js';
import { AFTER_NEXT, HERE, NEXT, FRAME_CONTEXT, lookAhead, lookAround } from './frame-context.js';

/** So much of a pause goes at once while a backlog is worked off. */
const MUCH_SKIPPED = msToSamples(500);
const SHIFTS_IN_QUIET = { skip: FRAME_SAMPLES / 2, repeat: -FRAME_SAMPLES / 2 };
/** At least one period of a voice down to 50 Hz. */
const SHIFTS_IN_SOUND = { skip: [40, FRAME_SAMPLES], repeat: [-FRAME_SAMPLES, -40] } as const;
/** By so much a frame it comes back from between two samples: 6 ppm slower or faster for a while is heard by nobody. */
const STEP_BACK = 1 / PARTS_OF_A_SAMPLE;

const HELD = new Int16Array(FRAME_SAMPLES);

/** Where it is quiet any place will do; in sound, whole periods of the voice. */
const shiftFor = (correction: 'skip' | 'repeat', place: Place): number =>
  place === 'sound'
    ? bestShift(FRAME_CONTEXT, HERE, SHIFTS_IN_SOUND[correction], FRAME_SAMPLES)
    : SHIFTS_IN_QUIET[correction];

/** Takes frames out of a track's ring, as they are or, to bring the ring to its depth, a little faster or slower. */
export class Playout {
  /** Mean power of the frame taken last, 0..1. */
  power = 0;
  /** Samples left out so far, and samples heard twice. */
  skippedSamples = 0;
  repeatedSamples = 0;
  readonly depth = new JitterEstimator();
  readonly #pauses = new PauseDetector();
  /** How far past a sample it plays, as a part of one: whole periods of a voice that are skipped or repeated end anywhere. */
  #between = 0;

  constructor(private readonly ring: ElasticRing) {}

  /** Whether the frame taken last belongs to speech. */
  get speech(): boolean {
    return this.#pauses.speech;
  }

  /** Nothing is taken for 20 ms. */
  pass(): void {
    this.power = 0;
    this.#between = 0;
    this.#pauses.update(0);
  }

  /** Puts the next 20 ms into `frame`, as they are or with a correction. */
  take(frame: Int16Array): void {
    lookAhead(this.ring, NEXT, 0);
    this.power = meanPower(NEXT);
    const place = this.#place();
    this.#play(this.depth.correction(place), place, frame);
    this.#pauses.update(this.power);
    this.depth.observe(this.ring.length);
  }

  /** Puts the next 20 ms into `frame`, as they are; what is missing of them is silence. */
  takeAsIs(frame: Int16Array): void {
    lookAhead(this.ring, NEXT, 0);
    this.power = meanPower(NEXT);
    this.#pauses.update(this.power);
    this.#play('none', 'sound', frame);
  }

  /** Where this frame and the one after it lie. */
  #place(): Place {
    const place = this.#pauses.placeOf(this.power);
    if (place === 'sound') return place;
    lookAhead(this.ring, AFTER_NEXT, FRAME_SAMPLES);
    return this.#pauses.placeOf(meanPower(AFTER_NEXT)) === 'sound' ? 'sound' : place;
  }

  #play(correction: Correction, place: Place, frame: Int16Array): void {
    if (correction === 'none') {
      this.#goOn(place, frame);
      return;
    }
    lookAround(this.ring);
    if (correction === 'skip-much') this.#skipPause(frame);
    else this.#corrected(this.#shift(shiftFor(correction, place), frame));
    this.power = meanPower(frame);
  }

  #goOn(place: Place, frame: Int16Array): void {
    if (this.#between === 0) {
      frame.set(NEXT);
      this.ring.skip(FRAME_SAMPLES);
      return;
    }
    lookAround(this.ring);
    this.#shift(this.#steppedBack(place) - this.#between, frame);
  }

  /**
   * Where it goes on while nothing is corrected: back to the samples as they are; slowly, but at once where it is quiet, or
   * where what comes next is not there to be seen.
   */
  #steppedBack(place: Place): number {
    const slowly = place === 'sound' && this.ring.length >= FRAME_SAMPLES + REACH;
    return slowly ? this.#between - Math.sign(this.#between) * STEP_BACK : 0;
  }

  /** Fades to what lies so many samples, and parts of one, further. Returns how many whole ones that were. */
  #shift(by: number, frame: Int16Array): number {
    const to = this.#between + by;
    const whole = Math.round(to);
    splice(FRAME_CONTEXT, HERE + this.#between, HERE + to, frame);
    this.ring.skip(FRAME_SAMPLES + whole);
    this.#between = to - whole;
    return whole;
  }

  /** Fades from this frame of the pause to a later one, as late as asked for and as the pause and the backlog last. */
  #skipPause(frame: Int16Array): void {
    HELD.set(NEXT);
    let skipped = 0;
    do {
      this.ring.skip(FRAME_SAMPLES);
      skipped += FRAME_SAMPLES;
      lookAhead(this.ring, NEXT, 0);
      lookAhead(this.ring, AFTER_NEXT, FRAME_SAMPLES);
    } while (
      skipped < MUCH_SKIPPED &&
      this.ring.length > this.depth.keptSamples &&
      this.#pauses.placeOf(meanPower(AFTER_NEXT)) === 'pause'
    );
    AFTER_NEXT.set(NEXT);
    NEXT.set(HELD);
    splice(FRAME_CONTEXT, HERE, HERE + FRAME_SAMPLES, frame);
    this.ring.skip(FRAME_SAMPLES);
    this.#between = 0;
    this.#corrected(skipped);
  }

  #corrected(samples: number): void {
    this.depth.corrected(samples);
    if (samples > 0) this.skippedSamples += samples;
    else this.repeatedSamples -= samples;
  }
}
