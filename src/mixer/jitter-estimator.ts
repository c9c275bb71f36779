import { FRAME_SAMPLES, msToSamples } from '../media/audio-format.js';
import type { FrameKind } from './pause-detector.js';

const FIRST_START_DEPTH = msToSamples(30);
const MIN_DEPTH = msToSamples(20);
const MIN_RESERVE = msToSamples(10);
const MAX_DEPTH = msToSamples(200);
const DEEPER_AFTER_UNDERRUN = msToSamples(40);
const TICKS_PER_SECOND = 50;
/** After this long without an underrun the start depth is reduced. */
const SHALLOWER_AFTER_TICKS = 3 * TICKS_PER_SECOND;
/** A stream that stalls twice within this time is expected to stall again: the buffer then stays deep enough to cover it. */
const STALLS_APART_TICKS = 30 * TICKS_PER_SECOND;
const MAX_STALL = msToSamples(500);
const STALLS_FORGOTTEN_AFTER_TICKS = 20 * TICKS_PER_SECOND;

/** How the next frame brings the buffer to its target depth: by skipping or repeating samples, or a long piece of a pause. */
export type Correction = 'none' | 'skip-much' | 'skip' | 'repeat';

/**
 * Estimates the jitter of a track and from it how deep its buffer has to be. The lowest level of the last seconds is what the
 * buffer could spare: a surplus is skipped in pauses, a shortage is made up by repeating samples in pauses. Where no pause
 * comes for ten seconds, small corrections are made within speech.
 */
export class JitterEstimator {
  /** How many samples must be buffered before playout starts. */
  startDepthSamples = FIRST_START_DEPTH;
  /** The lowest level of the last half to one second, and of the last three to six seconds. */
  readonly #recentLow = new WindowedMinimum(TICKS_PER_SECOND / 2);
  readonly #low = new WindowedMinimum(3 * TICKS_PER_SECOND);
  /** The negated highest level of the last three to six seconds. */
  readonly #negatedHigh = new WindowedMinimum(3 * TICKS_PER_SECOND);
  #ticksSincePause = 0;
  #ticksSinceUnderrun = 0;
  #isStalled = false;
  /** Whether the stream ever stalled: only then is a small surplus skipped, too. */
  #hasStalled = false;
  #ticksSinceResume = Infinity;
  /** How much recurring stalls take out of the buffer; 0 while there are none. */
  #stallSamples = 0;
  #ticksSinceStall = 0;

  /** The depth to which a backlog is skipped at once. */
  get backlogTargetSamples(): number {
    return Math.max(MAX_DEPTH, this.#stallSamples === 0 ? 0 : this.#stallSamples + FRAME_SAMPLES);
  }

  /** Takes the buffer's level after a frame was played. */
  observe(levelSamples: number): void {
    this.#recentLow.observe(levelSamples);
    this.#low.observe(levelSamples);
    this.#negatedHigh.observe(-levelSamples);
    this.#ticksSinceResume++;
    if (this.#stallSamples > 0) this.#trackStalls(levelSamples);
    if (++this.#ticksSinceUnderrun % SHALLOWER_AFTER_TICKS === 0) this.#reduceStartDepth();
  }

  /** @param readerIsLate whether the process itself was late: then its sockets were not read, which says nothing of jitter */
  recordUnderrun(readerIsLate = false): void {
    this.#hasStalled = true;
    if (readerIsLate) return;
    this.#isStalled = true;
    this.#recentLow.reset();
    this.#low.reset();
    this.#negatedHigh.reset();
    this.#ticksSinceUnderrun = 0;
    this.startDepthSamples = Math.min(MAX_DEPTH, this.startDepthSamples + DEEPER_AFTER_UNDERRUN);
  }

  /** Playout starts or resumes at this level: after a stall, it is what piled up during the stall. */
  recordResume(bufferedSamples: number): void {
    if (!this.#isStalled) return;
    this.#isStalled = false;
    const stalled = Math.min(MAX_STALL, bufferedSamples);
    if (this.#ticksSinceResume < STALLS_APART_TICKS) this.#stallSamples = Math.max(this.#stallSamples, stalled);
    this.#ticksSinceResume = this.#ticksSinceStall = 0;
  }

  /** The correction that the next frame, which is of this kind, should make. */
  correction(kind: FrameKind): Correction {
    this.#ticksSincePause = kind === 'sound' ? this.#ticksSincePause + 1 : 0;
    if (kind !== 'sound') return this.#correctionInQuiet(kind);
    const isDue = this.#ticksSincePause % TICKS_PER_SECOND === 0 && this.#ticksSincePause >= 10 * TICKS_PER_SECOND;
    return isDue ? this.#correctionInSound() : 'none';
  }

  /** A correction was made: so many samples were skipped or, below 0, repeated. */
  recordCorrection(samples: number): void {
    this.#recentLow.shift(-samples);
    this.#low.shift(-samples);
    this.#negatedHigh.shift(samples);
  }

  /** The start depth need not exceed the jitter that was measured. */
  #reduceStartDepth(): void {
    const enough = Math.max(MIN_DEPTH, this.#jitterSamples);
    if (enough < this.startDepthSamples) {
      this.startDepthSamples = Math.max(enough, this.startDepthSamples - FRAME_SAMPLES);
    }
  }

  /** The span between the highest and the lowest level of the last seconds. */
  get #jitterSamples(): number {
    return -this.#negatedHigh.value - this.#low.value;
  }

  /** The target for the lowest level. Small while the buffer is kept deep for stalls anyway. */
  get #reserveSamples(): number {
    return this.#stallSamples > 0 ? MIN_RESERVE : Math.max(MIN_RESERVE, this.startDepthSamples / 3);
  }

  get #isBacklogged(): boolean {
    return this.#recentLow.settled && this.#recentLow.value > this.backlogTargetSamples + FRAME_SAMPLES;
  }

  /** Whether the level was above what jitter and stalls need for at least three seconds, by so much. */
  #hasSurplus(samples: number): boolean {
    return this.#low.settled && this.#low.value >= Math.max(this.#reserveSamples, this.#stallSamples) + samples;
  }

  /** A stall that runs into the next one is longer than what piles up after it: its length shows in the span of levels. */
  #trackStalls(levelSamples: number): void {
    this.#stallSamples = Math.max(this.#stallSamples, Math.min(MAX_STALL, this.#jitterSamples));
    if (levelSamples < this.#stallSamples / 2) this.#ticksSinceStall = 0;
    else if (++this.#ticksSinceStall >= STALLS_FORGOTTEN_AFTER_TICKS) this.#stallSamples = 0;
  }

  #correctionInQuiet(kind: FrameKind): Correction {
    if (this.#isBacklogged && kind === 'pause') return 'skip-much';
    if (this.#low.value < this.#reserveSamples) return 'repeat';
    return this.#hasSurplus(this.#hasStalled ? FRAME_SAMPLES / 2 : FRAME_SAMPLES) ? 'skip' : 'none';
  }

  #correctionInSound(): Correction {
    if (this.#isBacklogged) return 'none';
    if (this.#low.value < MIN_DEPTH / 2) return 'repeat';
    return this.#hasSurplus(2.5 * FRAME_SAMPLES) ? 'skip' : 'none';
  }
}

/** The lowest of the recent values: of the last one to two windows of `span` observations. @internal */
export class WindowedMinimum {
  #current = Infinity;
  #previous = Infinity;
  #seen = 0;
  #settled = false;

  constructor(private readonly span: number) {}

  get value(): number {
    return Math.min(this.#current, this.#previous);
  }

  /** Whether a whole window was observed since the beginning or the last reset. */
  get settled(): boolean {
    return this.#settled;
  }

  observe(value: number): void {
    if (this.#seen === this.span) {
      this.#previous = this.#current;
      this.#current = Infinity;
      this.#seen = 0;
      this.#settled = true;
    }
    this.#current = Math.min(this.#current, value);
    this.#seen++;
  }

  /** The observed level itself was changed: earlier observations move with it. */
  shift(by: number): void {
    this.#current += by;
    this.#previous += by;
  }

  reset(): void {
    this.#current = this.#previous = Infinity;
    this.#seen = 0;
    this.#settled = false;
  }
}
