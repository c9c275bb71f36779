import type { TrackSpeechActivity } from '../media/track-speech-activity.js';
import type { EgressSlots } from '../egress/egress-slots.port.js';
import { sleep } from '../async/sleep.js';
import { orAborted } from '../async/or-aborted.js';
import type { TrackAssignment, RoutedTrack } from './routed-track.js';

/** What a move needs of the session. */
export interface PairMoveContext {
  readonly slots: EgressSlots;
  readonly speechActivity: TrackSpeechActivity | undefined;
  /** Both tracks on one egress. Undefined when that cannot be. */
  subscribePair(left: RoutedTrack, right: RoutedTrack, whenFull: 'refuse' | 'first'): TrackAssignment | undefined;
  /** Carries the track in a way that takes no slot, until the pair does. Undefined when there is none. */
  subscribeInterim(track: RoutedTrack): TrackAssignment | undefined;
}

const PAUSE_MS = 800;
const LOOK_EVERY_MS = 100;
/** Who comes waits no longer for somebody who does not stop talking. */
const LONGEST_WAIT_MS = 15_000;

/**
 * Puts two tracks on one egress, of which at least the first has one for itself now: make before break where a slot is
 * spare; without one by a bridge, or in a pause of the speaker. A track that leaves calls it off.
 */
export class PairMove {
  readonly #both: readonly RoutedTrack[];
  readonly #callOff = new AbortController();

  constructor(
    private readonly help: PairMoveContext,
    private readonly left: RoutedTrack,
    private readonly right: RoutedTrack,
  ) {
    this.#both = [left, right];
  }

  /** Resolves with the reason when it came to nothing though both wanted it. Never rejects. */
  async run(): Promise<string | undefined> {
    for (const track of this.#both) track.moving = this.#callOff;
    try {
      const problem = await this.#move();
      return this.#callOff.signal.aborted ? undefined : problem;
    } finally {
      for (const track of this.#both) {
        track.moving = undefined;
        track.endInterim();
      }
    }
  }

  async #move(): Promise<string | undefined> {
    if (this.help.slots.free === 0) {
      if (!(await this.#bridged())) await this.#aPause();
      if (this.#lapsed()) return undefined;
    }
    const isSpare = this.help.slots.free > 0;
    const pair = this.help.subscribePair(this.left, this.right, isSpare ? 'refuse' : 'first');
    if (pair === undefined) return 'pairs cannot be made here';
    for (const track of this.#both) {
      track.next = pair;
      if (!isSpare) track.assignment?.removeTrack(track, 'handed-over');
    }
    const problem = await pair.outcome();
    if (problem === undefined) for (const track of this.#both) track.switchToNext();
    else pair.close('handed-over');
    return problem;
  }

  /** Whether both are carried in another way by now. */
  async #bridged(): Promise<boolean> {
    for (const track of this.#both) {
      track.interim = this.help.subscribeInterim(track);
      if (track.interim === undefined) return false;
    }
    const outcomes = Promise.all(this.#both.map(async ({ interim }) => interim?.outcome()));
    const problems = await orAborted(outcomes, this.#callOff.signal);
    return problems?.every((problem) => problem === undefined) ?? false;
  }

  async #aPause(): Promise<void> {
    const { slots, speechActivity } = this.help;
    const { sessionId, trackSid } = this.left.track;
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && !this.#lapsed(); waitedMs += LOOK_EVERY_MS) {
      const silentMs = speechActivity?.silentForMs(sessionId, trackSid) ?? Infinity;
      if (silentMs >= PAUSE_MS || slots.free > 0) return;
      await sleep(LOOK_EVERY_MS, this.#callOff.signal);
    }
  }

  /** Whether it was called off, the one has no slot any more to make room with, or the other has one of its own by now. */
  #lapsed(): boolean {
    const hasRoom = this.left.assignment?.holdsSlot === true;
    const needsRoom = this.right.assignment?.holdsSlot !== true;
    return this.#callOff.signal.aborted || !hasRoom || !needsRoom;
  }
}
