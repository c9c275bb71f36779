import { powerOfDbfs } from '../../libs/audio/level.js';
import type { TrackHistory } from './track-history.js';

/** A voice is at least 12 dB quieter in another microphone; anything louder is that microphone's own speaker. */
const HIGHEST_GAIN = powerOfDbfs(-12);
/** The estimate uses the loud frames of the last minute: at least half a second of them, at most three seconds. */
const COMPARED_FRAMES = 3_000;
const MIN_LOUD_FRAMES = 25;
const MAX_LOUD_FRAMES = 150;
/** A frame is loud from this share of the usual power on. */
const LOUD = 0.25;
/** Each track comes on its own connection, so one may lag behind the other by up to 160 ms. */
const MAX_LAG_FRAMES = 8;
/** While one person speaks, the other is silent at least this share of the time: their microphone then picks up crosstalk only. */
const QUIET_SHARE = 0.25;
/** Crosstalk varies from frame to frame: up to twice its usual power still counts as crosstalk. */
const MARGIN = 2;
/** How long an estimate is used before it is renewed, and how soon a failed estimation is retried. */
const REUSED_FRAMES = 500;
const RETRIED_FRAMES = 25;

interface Estimate {
  readonly crosstalk: Crosstalk;
  readonly validUntilFrame: number;
}

/** How much of one track's voice another microphone picks up. */
export class Crosstalk {
  constructor(
    private readonly voice: TrackHistory,
    private readonly gain: number,
    private readonly lag: number,
  ) {}

  /** The highest power that the voice may have in this frame of the other track. */
  powerAt(frame: number): number {
    const at = frame - this.lag;
    let loudest = this.voice.powerAt(at);
    for (let beside = at - 1; beside <= at + 1; beside += 2) {
      const power = this.voice.powerAt(beside);
      if (power > loudest) loudest = power;
    }
    return MARGIN * this.gain * loudest;
  }
}

/**
 * Estimates how much of each voice the other microphones pick up. While one person speaks, the others are mostly silent, so
 * the power that their tracks have in proportion to the voice is crosstalk.
 */
export class CrosstalkEstimator {
  readonly #estimates = new WeakMap<TrackHistory, WeakMap<TrackHistory, Estimate>>();

  /** The crosstalk of `voice` into `track`; until it can be estimated, the most that is possible. */
  estimate(voice: TrackHistory, track: TrackHistory, currentFrame: number): Crosstalk {
    const known = this.#estimates.get(voice) ?? new WeakMap<TrackHistory, Estimate>();
    this.#estimates.set(voice, known);
    const before = known.get(track);
    if (before !== undefined && currentFrame < before.validUntilFrame) return before.crosstalk;
    const measured = measureCrosstalk(voice, track, currentFrame);
    const crosstalk = measured ?? before?.crosstalk ?? new Crosstalk(voice, HIGHEST_GAIN, 0);
    const validFrames = measured === undefined ? RETRIED_FRAMES : REUSED_FRAMES;
    known.set(track, { crosstalk, validUntilFrame: currentFrame + validFrames });
    return crosstalk;
  }
}

function measureCrosstalk(voice: TrackHistory, track: TrackHistory, last: number): Crosstalk | undefined {
  const loud = loudFrames(voice, last);
  if (loud.length < MIN_LOUD_FRAMES) return undefined;
  let best = { gain: 0, lag: 0 };
  for (let lag = -MAX_LAG_FRAMES; lag <= MAX_LAG_FRAMES; lag++) {
    const ratios = Float64Array.from(loud, (frame) => track.powerAt(frame + lag) / voice.powerAt(frame)).sort();
    const gain = ratios[Math.floor(ratios.length * QUIET_SHARE)] ?? 0;
    if (gain > best.gain) best = { gain, lag };
  }
  return new Crosstalk(voice, Math.min(best.gain, HIGHEST_GAIN), best.lag);
}

/** Frames in which the voice was about as loud as usual, spread evenly over the last minute. */
function loudFrames(voice: TrackHistory, last: number): number[] {
  const frames: number[] = [];
  const first = Math.max(0, last - COMPARED_FRAMES + 1);
  const loud = LOUD * voice.usualPower;
  for (let frame = first; frame <= last; frame++) {
    if (voice.powerAt(frame) > loud && voice.speechAt(frame)) frames.push(frame);
  }
  const step = Math.max(1, frames.length / MAX_LOUD_FRAMES);
  return Array.from({ length: Math.floor(frames.length / step) }, (_, i) => frames[Math.floor(i * step)]!);
}
