import type { TrackSpeechActivity } from '../media/track-speech-activity.js';
import type { EgressSlots } from '../egress/egress-slots.port.js';
import { sleep } from '../async/sleep.js';
import { orAborted } from '../async/or-aborted.js';
import type { TrackAssignment, RoutedTrack } from './routed-track.js';

/** What a move needs of the session's router. */
export interface PairMoveContext {
  readonly slots: EgressSlots;
  readonly speechActivity: TrackSpeechActivity | undefined;
  /** Subscribes both tracks on one egress. Undefined where that is impossible. */
  subscribePair(left: RoutedTrack, right: RoutedTrack, whenFull: 'refuse' | 'first'): TrackAssignment | undefined;
  /** Subscribes the track without an egress slot, until the pair receives it. Undefined where that is impossible. */
  subscribeInterim(track: RoutedTrack): TrackAssignment | undefined;
}

const MIN_PAUSE_MS = 800;
const POLL_EVERY_MS = 100;
/** A new track does not wait longer than this for a pause in somebody's speech. */
const MAX_WAIT_MS = 15_000;

/**
 * Moves two tracks to one paired egress; at least the left one has an egress of its own. With a free slot the new egress
 * starts before the old one ends. Without one, interim subscriptions bridge the change, or it waits for a pause in the
 * left track's speech. Unsubscribing a track cancels the move.
 */
export class PairMove {
  readonly #both: readonly RoutedTrack[];
  readonly #cancel = new AbortController();

  constructor(
    private readonly context: PairMoveContext,
    private readonly left: RoutedTrack,
    private readonly right: RoutedTrack,
  ) {
    this.#both = [left, right];
  }

  /** Resolves with the reason when the pair could not be made. Never rejects. */
  async run(): Promise<string | undefined> {
    for (const track of this.#both) track.moving = this.#cancel;
    try {
      const problem = await this.#move();
      return this.#cancel.signal.aborted ? undefined : problem;
    } finally {
      for (const track of this.#both) {
        track.moving = undefined;
        track.endInterim();
      }
    }
  }

  async #move(): Promise<string | undefined> {
    if (this.context.slots.free === 0) {
      if (!(await this.#startInterim())) await this.#waitForPause();
      if (this.#isObsolete()) return undefined;
    }
    const hasFreeSlot = this.context.slots.free > 0;
    const pair = this.context.subscribePair(this.left, this.right, hasFreeSlot ? 'refuse' : 'first');
    if (pair === undefined) return 'pairs cannot be made here';
    for (const track of this.#both) {
      track.next = pair;
      if (!hasFreeSlot) track.assignment?.removeTrack(track, 'handed-over');
    }
    const problem = await pair.outcome();
    if (problem === undefined) for (const track of this.#both) track.switchToNext();
    else pair.close('handed-over');
    return problem;
  }

  /** Whether interim subscriptions receive both tracks. */
  async #startInterim(): Promise<boolean> {
    for (const track of this.#both) {
      track.interim = this.context.subscribeInterim(track);
      if (track.interim === undefined) return false;
    }
    const outcomes = Promise.all(this.#both.map(async ({ interim }) => interim?.outcome()));
    const problems = await orAborted(outcomes, this.#cancel.signal);
    return problems?.every((problem) => problem === undefined) ?? false;
  }

  async #waitForPause(): Promise<void> {
    const { slots, speechActivity } = this.context;
    const { sessionId, trackSid } = this.left.track;
    for (let waitedMs = 0; waitedMs < MAX_WAIT_MS && !this.#isObsolete(); waitedMs += POLL_EVERY_MS) {
      const silentMs = speechActivity?.silentForMs(sessionId, trackSid) ?? Infinity;
      if (silentMs >= MIN_PAUSE_MS || slots.free > 0) return;
      await sleep(POLL_EVERY_MS, this.#cancel.signal);
    }
  }

  /** Whether it was cancelled, the left track has lost the slot that the pair needs, or the right one has its own by now. */
  #isObsolete(): boolean {
    const leftHasSlot = this.left.assignment?.holdsSlot === true;
    const rightHasSlot = this.right.assignment?.holdsSlot === true;
    return this.#cancel.signal.aborted || !leftHasSlot || rightHasSlot;
  }
}
