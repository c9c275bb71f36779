import type { AudioSourceName, AudioSubscription, SubscriptionEndReason, RefusalScope } from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import type { CoverageTracker } from './coverage-tracker.js';

/** A track as its carriage sees it. */
export interface AssignedTrack {
  readonly trackSid: string;
  readonly coverage: CoverageTracker;
  /** This one carries it no more. */
  unassign(load: object): void;
}

/** One carriage and the tracks on it. */
export class Assignment<T extends AssignedTrack = AssignedTrack> {
  readonly #tracks: Set<T>;
  #established = false;
  #receiving = false;
  #closed = false;
  #markClosed!: () => void;
  readonly #closing = new Promise<void>((resolve) => (this.#markClosed = resolve));

  constructor(
    readonly source: AudioSourceName,
    private readonly subscription: AudioSubscription,
    tracks: readonly T[],
  ) {
    this.#tracks = new Set(tracks);
    void subscription.established.then(() => {
      this.#established = true;
      if (subscription.onReceiving === undefined) this.#hear(true);
    });
    void subscription.ended.then(() => this.#hear(false));
    subscription.onReceiving?.((receiving) => this.#hear(receiving));
  }

  get established(): boolean {
    return this.#established;
  }

  /** Whether sound comes now. */
  get receiving(): boolean {
    return this.#receiving && !this.#closed;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether it has to wait for a slot now. */
  get waitsForSlot(): boolean {
    return !this.#closed && this.subscription.waitsForSlot === true;
  }

  /** Whether it has a slot, be it established or just starting. */
  get holdsSlot(): boolean {
    return !this.#closed && this.subscription.waitsForSlot === false;
  }

  /** How the reception of its tracks goes. */
  get state(): TrackState | undefined {
    return this.subscription.state;
  }

  get tracks(): readonly T[] {
    return [...this.#tracks];
  }

  /** Resolves with undefined when sound may come, or with the reason when it never will. */
  async outcome(): Promise<string | undefined> {
    return Promise.race([
      this.subscription.established.then(() => undefined),
      this.subscription.ended.then(() => 'it ended'),
      this.#closing.then(() => 'it was closed'),
      ...(this.subscription.refused ? [this.subscription.refused] : []),
    ]);
  }

  /** Calls back with the reason if the source gives up, and with what that says something of. */
  onRefused(listener: (reason: string, concerns: RefusalScope) => void): void {
    void this.subscription.refused?.then((reason) => listener(reason, this.subscription.refusalScope ?? 'source'));
  }

  /** A track of the whole room that came later. */
  addTrack(track: T): void {
    this.#tracks.add(track);
    if (this.#receiving) track.coverage.startedBy(this);
  }

  /** One track need not be carried by it any more; with the last one it ends. */
  removeTrack(track: T, why: SubscriptionEndReason): void {
    if (!this.#tracks.delete(track)) return;
    this.#leave(track);
    if (this.#tracks.size === 0 || this.#needsAll) this.close(why);
    else this.subscription.dropTrack?.(track.trackSid);
  }

  /** Idempotent. */
  close(why: SubscriptionEndReason): void {
    this.#closed = true;
    for (const track of this.#tracks) this.#leave(track);
    this.#tracks.clear();
    this.#markClosed();
    this.subscription.close(why);
  }

  /** A pair begins only when both are there. */
  get #needsAll(): boolean {
    return this.source === 'paired-egress' && !this.#established;
  }

  #leave(track: T): void {
    track.coverage.stoppedBy(this);
    track.unassign(this);
  }

  #hear(heard: boolean): void {
    if (this.#closed || heard === this.#receiving) return;
    this.#receiving = heard;
    for (const { coverage } of this.#tracks) {
      if (heard) coverage.startedBy(this);
      else coverage.stoppedBy(this);
    }
  }
}
