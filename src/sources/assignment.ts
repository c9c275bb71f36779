import type { AudioSourceName, AudioSubscription, SubscriptionEndReason, RefusalScope } from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import { Deferred } from '../async/deferred.js';
import type { CoverageTracker } from './coverage-tracker.js';

/** What an assignment needs to know of a track. */
export interface AssignedTrack {
  readonly trackSid: string;
  readonly coverage: CoverageTracker;
  /** The assignment has removed this track. */
  unassign(assignment: object): void;
}

/** One subscription of an audio source, and the tracks that it receives. */
export class Assignment<T extends AssignedTrack = AssignedTrack> {
  readonly #tracks: Set<T>;
  readonly #closing = new Deferred();
  #established = false;
  #receiving = false;

  constructor(
    readonly source: AudioSourceName,
    private readonly subscription: AudioSubscription,
    tracks: readonly T[],
  ) {
    this.#tracks = new Set(tracks);
    void subscription.established.then(() => {
      this.#established = true;
      if (subscription.onReceiving === undefined) this.#setReceiving(true);
    });
    void subscription.ended.then(() => this.#setReceiving(false));
    subscription.onReceiving?.((receiving) => this.#setReceiving(receiving));
  }

  get established(): boolean {
    return this.#established;
  }

  /** Whether audio arrives now. */
  get receiving(): boolean {
    return this.#receiving && !this.closed;
  }

  get closed(): boolean {
    return this.#closing.settled;
  }

  get waitsForSlot(): boolean {
    return !this.closed && this.subscription.waitsForSlot === true;
  }

  /** Whether it has a slot, be it established or still starting. */
  get holdsSlot(): boolean {
    return !this.closed && this.subscription.waitsForSlot === false;
  }

  get state(): TrackState | undefined {
    return this.subscription.state;
  }

  get tracks(): readonly T[] {
    return [...this.#tracks];
  }

  /** Resolves with undefined once audio may arrive, or with the reason why it never will. */
  async outcome(): Promise<string | undefined> {
    return Promise.race([
      this.subscription.established.then(() => undefined),
      this.subscription.ended.then(() => 'it ended'),
      this.#closing.promise.then(() => 'it was closed'),
      ...(this.subscription.refused ? [this.subscription.refused] : []),
    ]);
  }

  /** Calls back with the reason if the source refuses, and with what the refusal applies to. */
  onRefused(listener: (reason: string, scope: RefusalScope) => void): void {
    void this.subscription.refused?.then((reason) => listener(reason, this.subscription.refusalScope ?? 'source'));
  }

  /** Adds a track that was published after a whole-room subscription began. */
  addTrack(track: T): void {
    this.#tracks.add(track);
    if (this.#receiving) track.coverage.startedBy(this);
  }

  /** Removes one track; the subscription closes with the last one. */
  removeTrack(track: T, why: SubscriptionEndReason): void {
    if (!this.#tracks.delete(track)) return;
    this.#unassign(track);
    if (this.#tracks.size === 0 || this.#needsAllTracks) this.close(why);
    else this.subscription.dropTrack?.(track.trackSid);
  }

  /** Idempotent. */
  close(why: SubscriptionEndReason): void {
    this.#closing.resolve();
    for (const track of this.#tracks) this.#unassign(track);
    this.#tracks.clear();
    this.subscription.close(why);
  }

  /** LiveKit starts a paired egress only while both tracks are published. */
  get #needsAllTracks(): boolean {
    return this.source === 'paired-egress' && !this.#established;
  }

  #unassign(track: T): void {
    track.coverage.stoppedBy(this);
    track.unassign(this);
  }

  #setReceiving(receiving: boolean): void {
    if (this.closed || receiving === this.#receiving) return;
    this.#receiving = receiving;
    for (const { coverage } of this.#tracks) {
      if (receiving) coverage.startedBy(this);
      else coverage.stoppedBy(this);
    }
  }
}
