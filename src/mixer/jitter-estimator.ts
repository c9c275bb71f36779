import { FRAME_SAMPLES, msToSamples } from '../media/audio-format.js';
import { WindowedMinimum } from './windowed-minimum.js';
import type { Place } from './pause-detector.js';

const START_DEPTH = msToSamples(30);
const LEAST_DEPTH = msToSamples(20);
const LEAST_RESERVE = msToSamples(10);
const GREATEST_DEPTH = msToSamples(200);
const DEEPER_AFTER_UNDERRUN = msToSamples(40);
const TICKS_PER_SECOND = 50;
/** Without an underrun for so long, less is held back. */
const SHALLOWER_AFTER_TICKS = 3 * TICKS_PER_SECOND;
/** A stream that stalls twice within that time will again: it stays so far behind that its stalls are not heard. */
const STALLS_APART_TICKS = 30 * TICKS_PER_SECOND;
const GREATEST_STALL = msToSamples(500);
const FORGOTTEN_AFTER_TICKS = 20 * TICKS_PER_SECOND;

/** What to do with the next frame to bring a buffer to the right depth. */
export type Correction = 'none' | 'skip-much' | 'skip' | 'repeat';

/**
 * How much of a track is held back. What stays in the buffer at its emptiest moment is what could be spared: more than the
 * jitter asks for is played off in pauses, less is made up for in pauses. Where no pause comes for long, a few samples do.
 */
export class JitterEstimator {
  /** How much must be there before a track begins to play, in samples. */
  startSamples = START_DEPTH;
  readonly #recently = new WindowedMinimum(TICKS_PER_SECOND / 2);
  readonly #lately = new WindowedMinimum(3 * TICKS_PER_SECOND);
  /** Of what is left, upside down: its lowest is where most was left. */
  readonly #fullest = new WindowedMinimum(3 * TICKS_PER_SECOND);
  #sincePause = 0;
  #sinceUnderrun = 0;
  #isStalled = false;
  /** A stream that never stalled is left as it is; one that did is brought down to the least in its pauses. */
  #wasStalled = false;
  #sinceResumed = Infinity;
  /** What stalls that come again and again take out of the buffer; 0 while there are none. */
  #stallSamples = 0;
  #sinceStall = 0;

  /** What a backlog is worked off to, at once. */
  get keptSamples(): number {
    return Math.max(GREATEST_DEPTH, this.#stallSamples === 0 ? 0 : this.#stallSamples + FRAME_SAMPLES);
  }

  /** Takes how much is left after a frame was played. */
  observe(leftSamples: number): void {
    this.#recently.observe(leftSamples);
    this.#lately.observe(leftSamples);
    this.#fullest.observe(-leftSamples);
    this.#sinceResumed++;
    if (this.#stallSamples > 0) this.#watchStalls(leftSamples);
    if (++this.#sinceUnderrun % SHALLOWER_AFTER_TICKS === 0) this.#becomeShallower();
  }

  /** @param readerIsLate then so are the sockets, and it says nothing of how unevenly the sound comes */
  underrun(readerIsLate = false): void {
    this.#wasStalled = true;
    if (readerIsLate) return;
    this.#isStalled = true;
    this.#recently.reset();
    this.#lately.reset();
    this.#fullest.reset();
    this.#sinceUnderrun = 0;
    this.startSamples = Math.min(GREATEST_DEPTH, this.startSamples + DEEPER_AFTER_UNDERRUN);
  }

  /** It plays on, with so much in the buffer: after a stall, what piled up while nothing came. */
  resumed(bufferedSamples: number): void {
    if (!this.#isStalled) return;
    this.#isStalled = false;
    const stalled = Math.min(GREATEST_STALL, bufferedSamples);
    if (this.#sinceResumed < STALLS_APART_TICKS) this.#stallSamples = Math.max(this.#stallSamples, stalled);
    this.#sinceResumed = this.#sinceStall = 0;
  }

  /** What the next frame needs, which lies there. */
  correction(place: Place): Correction {
    this.#sincePause = place === 'sound' ? this.#sincePause + 1 : 0;
    if (place !== 'sound') return this.#inQuiet(place);
    const rarely = this.#sincePause % TICKS_PER_SECOND === 0 && this.#sincePause >= 10 * TICKS_PER_SECOND;
    return rarely ? this.#inSound() : 'none';
  }

  /** A correction was made: so much was left out, or (below 0) heard twice. */
  corrected(samples: number): void {
    this.#recently.shift(-samples);
    this.#lately.shift(-samples);
    this.#fullest.shift(samples);
  }

  /** As deep as sound comes unevenly is deep enough. */
  #becomeShallower(): void {
    const enough = Math.max(LEAST_DEPTH, this.#unevenness);
    if (enough < this.startSamples) this.startSamples = Math.max(enough, this.startSamples - FRAME_SAMPLES);
  }

  /** Between its fullest and its emptiest in the last seconds. */
  get #unevenness(): number {
    return -this.#fullest.value - this.#lately.value;
  }

  /** What should be left at the emptiest moment. Little while stalls are held back for: they are why it starts deeper. */
  get #reserve(): number {
    return this.#stallSamples > 0 ? LEAST_RESERVE : Math.max(LEAST_RESERVE, this.startSamples / 3);
  }

  get #backlogged(): boolean {
    return this.#recently.settled && this.#recently.value > this.keptSamples + FRAME_SAMPLES;
  }

  /** Whether more was left than jitter and stalls ask for, for three seconds at least. */
  #deeperThanNeeded(bySamples: number): boolean {
    return this.#lately.settled && this.#lately.value >= Math.max(this.#reserve, this.#stallSamples) + bySamples;
  }

  /** A stall that runs into the next is longer than what piles up behind it: what it takes out of the buffer tells. */
  #watchStalls(leftSamples: number): void {
    this.#stallSamples = Math.max(this.#stallSamples, Math.min(GREATEST_STALL, this.#unevenness));
    if (leftSamples < this.#stallSamples / 2) this.#sinceStall = 0;
    else if (++this.#sinceStall >= FORGOTTEN_AFTER_TICKS) this.#stallSamples = 0;
  }

  #inQuiet(place: Place): Correction {
    if (this.#backlogged && place === 'pause') return 'skip-much';
    if (this.#lately.value < this.#reserve) return 'repeat';
    return this.#deeperThanNeeded(this.#wasStalled ? FRAME_SAMPLES / 2 : FRAME_SAMPLES) ? 'skip' : 'none';
  }

  #inSound(): Correction {
    if (this.#backlogged) return 'none';
    if (this.#lately.value < LEAST_DEPTH / 2) return 'repeat';
    return this.#deeperThanNeeded(2.5 * FRAME_SAMPLES) ? 'skip' : 'none';
  }
}
