import { powerOfDbfs } from '../../libs/audio/level.js';
import type { TrackHistory } from './track-history.js';

/** A voice is at least that much fainter in another microphone; what is louder there is somebody's own. */
const LOUDEST_LEAK = powerOfDbfs(-12);
/** The loud moments of the last minute tell how much leaks; half a second of them is enough to tell. */
const COMPARED_FRAMES = 3_000;
const LEAST_FRAMES = 25;
const MOST_FRAMES = 150;
const LOUD = 0.25;
/** One track may lag behind the other by 160 ms, since each comes on a connection of its own. */
const LAG_FRAMES = 8;
/** While somebody speaks, the other is silent for at least so much of the time: what is heard then has leaked. */
const QUIET_SHARE = 0.25;
/** A leak is not the same in every frame: twice its usual power is still one. */
const MARGIN = 2;
/** How long an estimate is good for; there may be none yet. */
const REUSED_FRAMES = 500;
const RETRIED_FRAMES = 25;

interface Estimate {
  readonly leak: Crosstalk;
  readonly goodUntilFrame: number;
}

/** What of one voice is heard in another microphone. */
export class Crosstalk {
  constructor(
    private readonly voice: TrackHistory,
    private readonly gain: number,
    private readonly lag: number,
  ) {}

  /** The power that the voice may have put into that frame of the other track. */
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
 * Learns how much of each voice the other microphones pick up: while somebody speaks, others are mostly silent, and what is
 * heard from them even then, in proportion to the voice, is that voice.
 */
export class CrosstalkEstimator {
  readonly #estimates = new WeakMap<TrackHistory, WeakMap<TrackHistory, Estimate>>();

  /** Of `voice` in the microphone of `track`, as known by now; as much as can be until it is known. */
  of(voice: TrackHistory, track: TrackHistory, currentFrame: number): Crosstalk {
    const known = this.#estimates.get(voice) ?? new WeakMap<TrackHistory, Estimate>();
    this.#estimates.set(voice, known);
    const before = known.get(track);
    if (before !== undefined && currentFrame < before.goodUntilFrame) return before.leak;
    const learnt = estimated(voice, track, currentFrame);
    const leak = learnt ?? before?.leak ?? new Crosstalk(voice, LOUDEST_LEAK, 0);
    const goodFrames = learnt === undefined ? RETRIED_FRAMES : REUSED_FRAMES;
    known.set(track, { leak, goodUntilFrame: currentFrame + goodFrames });
    return leak;
  }
}

function estimated(voice: TrackHistory, track: TrackHistory, last: number): Crosstalk | undefined {
  const loud = loudFrames(voice, last);
  if (loud.length < LEAST_FRAMES) return undefined;
  let best = { gain: 0, lag: 0 };
  for (let lag = -LAG_FRAMES; lag <= LAG_FRAMES; lag++) {
    const ratios = Float64Array.from(loud, (frame) => track.powerAt(frame + lag) / voice.powerAt(frame)).sort();
    const gain = ratios[Math.floor(ratios.length * QUIET_SHARE)] ?? 0;
    if (gain > best.gain) best = { gain, lag };
  }
  return new Crosstalk(voice, Math.min(best.gain, LOUDEST_LEAK), best.lag);
}

/** Frames in which the voice was about as loud as usual, from all over the time that is compared. */
function loudFrames(voice: TrackHistory, last: number): number[] {
  const frames: number[] = [];
  const first = Math.max(0, last - COMPARED_FRAMES + 1);
  const loud = LOUD * voice.usualPower;
  for (let frame = first; frame <= last; frame++) {
    if (voice.powerAt(frame) > loud && voice.speechAt(frame)) frames.push(frame);
  }
  const step = Math.max(1, frames.length / MOST_FRAMES);
  return Array.from({ length: Math.floor(frames.length / step) }, (_, i) => frames[Math.floor(i * step)]!);
}
