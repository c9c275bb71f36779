import { REACH } from '../../libs/audio/fractional-delay.js';
import { meanPower } from '../../libs/audio/level.js';
import { PARTS_OF_A_SAMPLE, bestShift, splice } from '../../libs/audio/splice.js';
import { FRAME_SAMPLES, msToSamples } from '../media/audio-format.js';
import type { ElasticRing } from './elastic-ring.js';
import { JitterEstimator, type Correction } from './jitter-estimator.js';
import { PauseDetector, type FrameKind } from './pause-detector.js';

/** How much of a pause may be skipped at once while a backlog is played off. */
const MAX_PAUSE_SKIP = msToSamples(500);
const SHIFTS_IN_QUIET = { skip: FRAME_SAMPLES / 2, repeat: -FRAME_SAMPLES / 2 };
/** At least one pitch period of a voice down to 50 Hz. */
const SHIFTS_IN_SOUND = { skip: [40, FRAME_SAMPLES], repeat: [-FRAME_SAMPLES, -40] } as const;
/** How far playout moves per frame back onto whole samples: 6 ppm slower or faster for a while, which is inaudible. */
const REALIGN_STEP = 1 / PARTS_OF_A_SAMPLE;

/** Before and after a frame: a little more than a frame, for interpolation between samples. */
const MARGIN = FRAME_SAMPLES + 2 * REACH;
/** Scratch of the process: what the track being read played last, and what it plays next. */
const CONTEXT = new Int16Array(MARGIN + FRAME_SAMPLES + MARGIN);
/** Where the next frame begins in `CONTEXT`. */
const NEXT_AT = MARGIN;
const PLAYED = CONTEXT.subarray(0, NEXT_AT);
const NEXT = CONTEXT.subarray(NEXT_AT, NEXT_AT + FRAME_SAMPLES);
const AFTER_NEXT = CONTEXT.subarray(NEXT_AT + FRAME_SAMPLES, NEXT_AT + 2 * FRAME_SAMPLES);
const ALL_AFTER_NEXT = CONTEXT.subarray(NEXT_AT + FRAME_SAMPLES);
const HELD = new Int16Array(FRAME_SAMPLES);

/** Copies buffered samples from `offset` on; missing ones are silence. */
const lookAhead = (ring: ElasticRing, ahead: Int16Array, offset: number): void => {
  const available = ring.peek(ahead, offset);
  if (available < ahead.length) ahead.fill(0, available);
};

/** Fills `CONTEXT` around the next frame. */
const lookAround = (ring: ElasticRing): void => {
  PLAYED.fill(0, 0, PLAYED.length - ring.peekPlayed(PLAYED));
  lookAhead(ring, ALL_AFTER_NEXT, FRAME_SAMPLES);
};

/** How far to jump: by half a frame where it is quiet, by whole pitch periods in sound. */
const shiftFor = (correction: 'skip' | 'repeat', kind: FrameKind): number =>
  kind === 'sound'
    ? bestShift(CONTEXT, NEXT_AT, SHIFTS_IN_SOUND[correction], FRAME_SAMPLES)
    : SHIFTS_IN_QUIET[correction];

/**
 * Reads frames from a track's ring, unchanged or time-stretched: to bring the ring to its target depth, samples are skipped
 * or repeated, and the joint is cross-faded (overlap-add).
 */
export class Playout {
  /** Mean power of the last frame, 0..1. */
  power = 0;
  skippedSamples = 0;
  repeatedSamples = 0;
  readonly jitter = new JitterEstimator();
  readonly #pauses = new PauseDetector();
  /** Playout position relative to whole samples, in samples: pitch periods that are skipped or repeated are no whole samples. */
  #fraction = 0;

  constructor(private readonly ring: ElasticRing) {}

  /** Whether the last frame belongs to speech. */
  get speech(): boolean {
    return this.#pauses.speech;
  }

  /** Plays silence for 20 ms and leaves the ring as it is. */
  playNothing(): void {
    this.power = 0;
    this.#fraction = 0;
    this.#pauses.update(0);
  }

  /** Puts the next 20 ms into `frame`, with a correction where the depth needs one. */
  readAdaptive(frame: Int16Array): void {
    lookAhead(this.ring, NEXT, 0);
    this.power = meanPower(NEXT);
    const kind = this.#classify();
    this.#play(this.jitter.correction(kind), kind, frame);
    this.#pauses.update(this.power);
    this.jitter.observe(this.ring.length);
  }

  /** Puts the next 20 ms into `frame` without any correction; missing samples are silence. */
  readUnchanged(frame: Int16Array): void {
    lookAhead(this.ring, NEXT, 0);
    this.power = meanPower(NEXT);
    this.#pauses.update(this.power);
    this.#play('none', 'sound', frame);
  }

  /** The kind of the next frame; a quiet kind only if the frame after it is quiet, too. */
  #classify(): FrameKind {
    const kind = this.#pauses.classify(this.power);
    if (kind === 'sound') return kind;
    lookAhead(this.ring, AFTER_NEXT, FRAME_SAMPLES);
    return this.#pauses.classify(meanPower(AFTER_NEXT)) === 'sound' ? 'sound' : kind;
  }

  #play(correction: Correction, kind: FrameKind, frame: Int16Array): void {
    if (correction === 'none') {
      this.#continue(kind, frame);
      return;
    }
    lookAround(this.ring);
    if (correction === 'skip-much') this.#skipPause(frame);
    else this.#countCorrection(this.#shift(shiftFor(correction, kind), frame));
    this.power = meanPower(frame);
  }

  #continue(kind: FrameKind, frame: Int16Array): void {
    if (this.#fraction === 0) {
      frame.set(NEXT);
      this.ring.skip(FRAME_SAMPLES);
      return;
    }
    lookAround(this.ring);
    this.#shift(this.#realigned(kind) - this.#fraction, frame);
  }

  /**
   * The fraction after a frame without correction, on its way back to whole samples: in small steps within sound, at once
   * where it is quiet or where the samples for interpolation are missing.
   */
  #realigned(kind: FrameKind): number {
    const slowly = kind === 'sound' && this.ring.length >= FRAME_SAMPLES + REACH;
    return slowly ? this.#fraction - Math.sign(this.#fraction) * REALIGN_STEP : 0;
  }

  /** Cross-fades to a position so many samples further, which need not be whole. Returns how many whole samples it moved. */
  #shift(by: number, frame: Int16Array): number {
    const to = this.#fraction + by;
    const whole = Math.round(to);
    splice(CONTEXT, NEXT_AT + this.#fraction, NEXT_AT + to, frame);
    this.ring.skip(FRAME_SAMPLES + whole);
    this.#fraction = to - whole;
    return whole;
  }

  /** Cross-fades from this frame of a pause to a later one: as far as limit, backlog and pause allow. */
  #skipPause(frame: Int16Array): void {
    HELD.set(NEXT);
    let skipped = 0;
    do {
      this.ring.skip(FRAME_SAMPLES);
      skipped += FRAME_SAMPLES;
      lookAhead(this.ring, NEXT, 0);
      lookAhead(this.ring, AFTER_NEXT, FRAME_SAMPLES);
    } while (
      skipped < MAX_PAUSE_SKIP &&
      this.ring.length > this.jitter.backlogTargetSamples &&
      this.#pauses.classify(meanPower(AFTER_NEXT)) === 'pause'
    );
    AFTER_NEXT.set(NEXT);
    NEXT.set(HELD);
    splice(CONTEXT, NEXT_AT, NEXT_AT + FRAME_SAMPLES, frame);
    this.ring.skip(FRAME_SAMPLES);
    this.#fraction = 0;
    this.#countCorrection(skipped);
  }

  #countCorrection(samples: number): void {
    this.jitter.recordCorrection(samples);
    if (samples > 0) this.skippedSamples += samples;
    else this.repeatedSamples -= samples;
  }
}
