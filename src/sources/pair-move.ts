import type { TrackVoices } from '../media/track-voices.js';
import type { EgressSlots } from '../records/egress-slots.js';
import { pause } from '../waiting/pause.js';
import type { CarriedLoad, CarriedTrack } from './carried-track.js';

/** What a move needs of the session. */
export interface MoveHelp {
  readonly slots: EgressSlots;
  readonly voices: TrackVoices | undefined;
  readonly signal: AbortSignal;
  /** Both tracks on one egress. Undefined when that cannot be. */
  pair(left: CarriedTrack, right: CarriedTrack, whenFull: 'refuse' | 'first'): CarriedLoad | undefined;
  /** Carries the track in a way that takes no slot, until the pair does. Undefined when there is none. */
  bridge(track: CarriedTrack): CarriedLoad | undefined;
}

const PAUSE_MS = 800;
const LOOK_EVERY_MS = 100;
/** Who comes waits no longer for somebody who does not stop talking. */
const LONGEST_WAIT_MS = 15_000;

/**
 * Puts two tracks on one egress, of which at least the first has one for itself now: make before break where a slot is
 * spare; without one by a bridge, or in a pause of the speaker.
 */
export class PairMove {
  constructor(
    private readonly help: MoveHelp,
    private readonly left: CarriedTrack,
    private readonly right: CarriedTrack,
  ) {}

  /** Resolves with the reason when it came to nothing. Never rejects. */
  async run(): Promise<string | undefined> {
    const both = [this.left, this.right];
    for (const track of both) track.moving = true;
    try {
      return await this.#move();
    } finally {
      for (const track of both) {
        track.moving = false;
        track.bridge?.drop(track, 'handed-over');
        track.bridge = undefined;
      }
    }
  }

  async #move(): Promise<string | undefined> {
    if (this.help.slots.free === 0 && !(await this.#bridged())) await this.#aPause();
    if (this.#lapsed()) return 'one of the two is gone';
    const isSpare = this.help.slots.free > 0;
    const former = [this.left.load, this.right.load];
    const pair = this.help.pair(this.left, this.right, isSpare ? 'refuse' : 'first');
    if (pair === undefined) return 'pairs cannot be made here';
    if (!isSpare) this.#leave(former, pair);
    this.right.load ??= pair;
    const problem = await pair.outcome();
    if (problem !== undefined || pair.closed) {
      this.#abandon(pair);
      return problem ?? 'one of the two is gone';
    }
    this.#leave(former, pair);
    return undefined;
  }

  /** The old ways end here; the tracks are the pair's. */
  #leave(former: readonly (CarriedLoad | undefined)[], pair: CarriedLoad): void {
    for (const [n, track] of [this.left, this.right].entries()) {
      if (pair.tracks.includes(track)) track.load = pair;
      if (former[n] !== pair) former[n]?.drop(track, 'handed-over');
    }
  }

  #abandon(pair: CarriedLoad): void {
    for (const track of [this.left, this.right]) {
      if (track.load === pair) track.load = undefined;
      pair.drop(track, 'handed-over');
    }
  }

  /** Whether both are carried in another way by now. */
  async #bridged(): Promise<boolean> {
    for (const track of [this.left, this.right]) {
      track.bridge = this.help.bridge(track);
      if (track.bridge === undefined) return false;
    }
    const outcomes = await Promise.all([this.left, this.right].map(async ({ bridge }) => bridge?.outcome()));
    return outcomes.every((problem) => problem === undefined);
  }

  async #aPause(): Promise<void> {
    const { slots, voices, signal } = this.help;
    const { sessionId, trackSid } = this.left.track;
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && !this.#lapsed(); waitedMs += LOOK_EVERY_MS) {
      const silentMs = voices?.silentForMs(sessionId, trackSid) ?? Infinity;
      if (silentMs >= PAUSE_MS || slots.free > 0) return;
      await pause(LOOK_EVERY_MS, signal);
    }
  }

  #lapsed(): boolean {
    return this.help.signal.aborted || this.left.gone || this.right.gone;
  }
}
