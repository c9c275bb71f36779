import { meanPower } from '../../libs/audio/level.js';
import { bestShift, splice } from '../../libs/audio/splice.js';
import { FRAME_SAMPLES, msToSamples } from '../media/audio-format.js';
import type { ElasticRing } from './elastic-ring.js';
import { JitterDepth, type Correction } from './jitter-depth.js';
import { PauseDetector, type Place } from './pause-detector.js';

/** So much of a pause goes at once while a backlog is worked off. */
const MUCH_SKIPPED = msToSamples(500);
const SHORTEST_SHIFT = 40;
const HALF_FRAME = FRAME_SAMPLES / 2;

/** What lies ahead in the track whose turn it is: the next frame and the one after it. */
const AHEAD = new Int16Array(2 * FRAME_SAMPLES);
const NEXT = AHEAD.subarray(0, FRAME_SAMPLES);
const AFTER_NEXT = AHEAD.subarray(FRAME_SAMPLES);
const HELD = new Int16Array(FRAME_SAMPLES);

/** Where it is quiet any place will do; in sound, whole periods of the voice. */
const shiftToSkip = (place: Place): number =>
  place === 'sound' ? bestShift(AHEAD, SHORTEST_SHIFT, FRAME_SAMPLES, FRAME_SAMPLES) : HALF_FRAME;
const shiftToRepeat = (place: Place): number =>
  place === 'sound' ? bestShift(AHEAD, -SHORTEST_SHIFT, -HALF_FRAME, FRAME_SAMPLES) : -HALF_FRAME;

/** Takes frames out of a track's ring, as they are or, to bring the ring to its depth, a little faster or slower. */
export class Playout {
  /** Mean power of the frame taken last, 0..1. */
  power = 0;
  /** Samples left out so far, and samples heard twice. */
  skippedSamples = 0;
  repeatedSamples = 0;
  readonly depth = new JitterDepth();
  readonly #pauses = new PauseDetector();

  constructor(private readonly ring: ElasticRing) {}

  /** Whether the frame taken last belongs to speech. */
  get speech(): boolean {
    return this.#pauses.speech;
  }

  /** Nothing is taken for 20 ms. */
  pass(): void {
    this.power = 0;
    this.#pauses.update(0);
  }

  /** Puts the next 20 ms into `frame`, as they are or with a correction. */
  take(frame: Int16Array): void {
    this.#look(NEXT, 0);
    this.power = meanPower(NEXT);
    const place = this.#place();
    this.#play(this.depth.correction(place), place, frame);
    this.#pauses.update(this.power);
    this.depth.observe(this.ring.length);
  }

  /** Puts the next 20 ms into `frame`, as they are; what is missing of them is silence. */
  takeAsIs(frame: Int16Array): void {
    this.#look(NEXT, 0);
    this.power = meanPower(NEXT);
    this.#pauses.update(this.power);
    this.#play('none', 'sound', frame);
  }

  #look(ahead: Int16Array, offset: number): void {
    const available = this.ring.peek(ahead, offset);
    if (available < ahead.length) ahead.fill(0, available);
  }

  /** Where this frame and the one after it lie. */
  #place(): Place {
    const place = this.#pauses.placeOf(this.power);
    if (place === 'sound') return place;
    this.#look(AFTER_NEXT, FRAME_SAMPLES);
    return this.#pauses.placeOf(meanPower(AFTER_NEXT)) === 'sound' ? 'sound' : place;
  }

  #play(correction: Correction, place: Place, frame: Int16Array): void {
    if (correction === 'none') {
      frame.set(NEXT);
      this.ring.skip(FRAME_SAMPLES);
      return;
    }
    this.#look(AFTER_NEXT, FRAME_SAMPLES);
    if (correction === 'skip-much') this.#skipPause(frame);
    else this.#splice(correction === 'skip' ? shiftToSkip(place) : shiftToRepeat(place), frame);
    this.power = meanPower(frame);
  }

  #splice(shift: number, frame: Int16Array): void {
    splice(AHEAD, shift, frame);
    this.ring.skip(FRAME_SAMPLES + shift);
    this.#corrected(shift);
  }

  /** Fades from this frame of the pause to a later one, as late as asked for and as the pause and the backlog last. */
  #skipPause(frame: Int16Array): void {
    HELD.set(NEXT);
    let skipped = 0;
    do {
      this.ring.skip(FRAME_SAMPLES);
      skipped += FRAME_SAMPLES;
      this.#look(NEXT, 0);
      this.#look(AFTER_NEXT, FRAME_SAMPLES);
    } while (
      skipped < MUCH_SKIPPED &&
      this.ring.length > this.depth.keptSamples &&
      this.#pauses.placeOf(meanPower(AFTER_NEXT)) === 'pause'
    );
    AFTER_NEXT.set(NEXT);
    NEXT.set(HELD);
    splice(AHEAD, FRAME_SAMPLES, frame);
    this.ring.skip(FRAME_SAMPLES);
    this.#corrected(skipped);
  }

  #corrected(samples: number): void {
    this.depth.corrected(samples);
    if (samples > 0) this.skippedSamples += samples;
    else this.repeatedSamples -= samples;
  }
}
