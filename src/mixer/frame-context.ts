import { REACH } from '../../libs/audio/fractional-delay.js';
import { FRAME_SAMPLES } from '../media/audio-format.js';
import type { ElasticRing } from './elastic-ring.js';

/** A little more than a frame, for what lies between samples. */
const EITHER_SIDE = FRAME_SAMPLES + 2 * REACH;

/** What the track whose turn it is played last, and what it plays next. */
export const FRAME_CONTEXT = new Int16Array(EITHER_SIDE + FRAME_SAMPLES + EITHER_SIDE);
/** Where in it the next frame begins. */
export const HERE = EITHER_SIDE;

const PLAYED = FRAME_CONTEXT.subarray(0, HERE);
export const NEXT = FRAME_CONTEXT.subarray(HERE, HERE + FRAME_SAMPLES);
export const AFTER_NEXT = FRAME_CONTEXT.subarray(HERE + FRAME_SAMPLES, HERE + 2 * FRAME_SAMPLES);
const FARTHEST = FRAME_CONTEXT.subarray(HERE + FRAME_SAMPLES);

/** Silence stands for what is not there. */
export const lookAhead = (ring: ElasticRing, ahead: Int16Array, offset: number): void => {
  const available = ring.peek(ahead, offset);
  if (available < ahead.length) ahead.fill(0, available);
};

export const lookAround = (ring: ElasticRing): void => {
  PLAYED.fill(0, 0, PLAYED.length - ring.recall(PLAYED));
  lookAhead(ring, FARTHEST, FRAME_SAMPLES);
};
