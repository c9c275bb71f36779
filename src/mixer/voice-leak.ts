import { powerOfDbfs } from '../../libs/audio/level.js';
import type { TrackHistory } from './track-history.js';

/** A voice that another microphone picks up is at least that much fainter there. */
const FAINTER = powerOfDbfs(-12);
/** Two tracks are compared over 2.5 s: a single second of two voices is too often alike by chance. One may lag by 160 ms. */
const COMPARED_FRAMES = 125;
const LAG_FRAMES = 8;
const ALIKE = 0.75;

/** Whether one track, up to a frame of the session, is only the echo of another that is much louder. */
export const isLeakOf = (faint: TrackHistory, loud: TrackHistory, firstFrame: number, lastFrame: number): boolean => {
  const first = Math.min(firstFrame, lastFrame - COMPARED_FRAMES + 1);
  if (energy(faint, first, lastFrame) > FAINTER * energy(loud, first, lastFrame)) return false;
  const echo = envelope(faint, first, lastFrame);
  for (let lag = -LAG_FRAMES; lag <= LAG_FRAMES; lag++) {
    if (correlation(echo, envelope(loud, first - lag, lastFrame - lag)) > ALIKE) return true;
  }
  return false;
};

const envelope = (track: TrackHistory, first: number, last: number): Float64Array =>
  Float64Array.from({ length: last - first + 1 }, (_, i) => Math.sqrt(track.powerAt(first + i)));

const energy = (track: TrackHistory, first: number, last: number): number => {
  let sum = 0;
  for (let frame = first; frame <= last; frame++) sum += track.powerAt(frame);
  return sum;
};

const correlation = (a: Float64Array, b: Float64Array): number => {
  const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
  const meanB = b.reduce((sum, value) => sum + value, 0) / b.length;
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    product += ((a[i] ?? 0) - meanA) * ((b[i] ?? 0) - meanB);
    squaresA += ((a[i] ?? 0) - meanA) ** 2;
    squaresB += ((b[i] ?? 0) - meanB) ** 2;
  }
  return product / Math.sqrt(squaresA * squaresB || 1);
};
