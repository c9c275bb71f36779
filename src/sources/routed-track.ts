import type { AudioSourceName, SubscriptionEndReason, TrackToTranscribe } from '../media/audio-source.js';
import { shownTrackState, type TrackState } from '../media/track-state.js';
import type { TrackReception } from '../sessions/session-states.port.js';
import { SourceCooldowns } from './source-cooldowns.js';
import type { Assignment, AssignedTrack } from './assignment.js';
import type { CoverageTracker } from './coverage-tracker.js';

export type TrackAssignment = Assignment<RoutedTrack>;

const NO_WAY = 'no source takes this track: Egress has no slot for it, or the source cannot work here';

/** A track that is to be heard, and all that carries it. */
export class RoutedTrack implements AssignedTrack {
  /** What carries it, or is about to. */
  assignment: TrackAssignment | undefined;
  /** What carries it meanwhile, while it changes from one egress to another. */
  interim: TrackAssignment | undefined;
  /** What is to carry it after that change, while it is being made. */
  next: TrackAssignment | undefined;
  /** While it changes it is left alone; this calls the change off. */
  moving: AbortController | undefined;
  /** The sources that cannot hear this one, whatever they hear else. */
  readonly cooldowns: SourceCooldowns;
  readonly #cameAtMs: number;
  #denial: string | undefined;
  #rejection: string | undefined;

  constructor(
    readonly track: TrackToTranscribe,
    readonly coverage: CoverageTracker,
    private readonly nowMs: () => number,
  ) {
    this.cooldowns = new SourceCooldowns(nowMs);
    this.#cameAtMs = nowMs();
  }

  get trackSid(): string {
    return this.track.trackSid;
  }

  get ageMs(): number {
    return this.nowMs() - this.#cameAtMs;
  }

  /** Whether something is done for it. */
  get isPlaced(): boolean {
    return this.assignment !== undefined || this.moving !== undefined;
  }

  /** Everything that carries it, or is about to. */
  get assignments(): TrackAssignment[] {
    return [this.assignment, this.interim, this.next].filter((load) => load !== undefined);
  }

  /** Whether it waits in the queue for an egress of its own. */
  get isQueued(): boolean {
    return this.moving === undefined && this.assignment?.source === 'egress' && this.assignment.waitsForSlot;
  }

  /** Whether it has an egress for itself: one of its own, or a pair of which the other is gone. */
  get hasOwnEgress(): boolean {
    const { assignment } = this;
    if (assignment === undefined || this.moving !== undefined || !assignment.established || assignment.waitsForSlot)
      return false;
    return assignment.source === 'egress' || (assignment.source === 'paired-egress' && assignment.tracks.length === 1);
  }

  /** Whether an egress of its own just starts. */
  get isStartingOwnEgress(): boolean {
    const { assignment } = this;
    return (
      this.moving === undefined && assignment?.source === 'egress' && !assignment.established && assignment.holdsSlot
    );
  }

  /** Whether no way was left for it, since when nobody has heard it. */
  get rejected(): boolean {
    return this.#rejection !== undefined;
  }

  /** No way is left for now. It stays rejected until it is heard, so that an attempt that fails is not told twice. */
  reject(): void {
    this.#rejection = this.#denial ?? NO_WAY;
  }

  /** Forgets that it was rejected, once it is heard. */
  clearRejection(): void {
    if (this.coverage.receiving) this.#rejection = undefined;
  }

  /** This source cannot hear it. */
  refusedBy(by: AudioSourceName, reason: string): void {
    this.cooldowns.start(by);
    this.#denial = reason;
  }

  /** Nothing carries it any more, nor will what was coming. */
  unsubscribe(why: SubscriptionEndReason): void {
    this.moving?.abort();
    for (const load of this.assignments) load.removeTrack(this, why);
  }

  /** What was coming carries it from now on. */
  switchToNext(): void {
    const { assignment: former, next } = this;
    if (next === undefined) return;
    this.next = undefined;
    this.assignment = next;
    former?.removeTrack(this, 'handed-over');
  }

  /** The change is over; who is heard by the bridge alone stays there. */
  endInterim(): void {
    const { interim } = this;
    this.interim = undefined;
    if (this.assignment === undefined && interim?.established === true) this.assignment = interim;
    else interim?.removeTrack(this, 'handed-over');
  }

  unassign(load: object): void {
    if (this.assignment === load) this.assignment = undefined;
    if (this.interim === load) this.interim = undefined;
    if (this.next === load) this.next = undefined;
  }

  get reception(): TrackReception {
    const current = this.assignment ?? this.interim ?? this.next;
    return { source: current?.source, reception: this.#state(current) };
  }

  /** What `GET /sessions/{id}` shows of it. */
  report(): Record<string, unknown> {
    const { source, reception } = this.reception;
    return { ...(source && { source }), ...(reception && shownTrackState(reception)) };
  }

  #state(current: TrackAssignment | undefined): TrackState | undefined {
    if (this.coverage.receiving) return { state: 'streaming' };
    if (!this.isPlaced && this.#rejection !== undefined) return { state: 'failed', reason: this.#rejection };
    if (this.assignment === undefined && this.next === undefined) return { state: 'waiting-for-egress-slot' };
    return current?.state;
  }
}
