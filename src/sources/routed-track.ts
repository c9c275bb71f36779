import type { AudioSourceName, SubscriptionEndReason, TrackToTranscribe } from '../media/audio-source.js';
import { shownTrackState, type TrackState } from '../media/track-state.js';
import type { TrackReception } from '../sessions/session-states.port.js';
import { SourceCooldowns } from './source-cooldowns.js';
import type { Assignment, AssignedTrack } from './assignment.js';
import type { CoverageTracker } from './coverage-tracker.js';

export type TrackAssignment = Assignment<RoutedTrack>;

const NO_SOURCE = 'no source takes this track: Egress has no slot for it, or the source cannot work here';

/** A track to transcribe, and the subscriptions that receive it. */
export class RoutedTrack implements AssignedTrack {
  /** What receives it, or is starting to. */
  assignment: TrackAssignment | undefined;
  /** What receives it while it moves from one egress to another. */
  interim: TrackAssignment | undefined;
  /** What will receive it after the move. */
  next: TrackAssignment | undefined;
  /** Set while it moves between egresses, when no other decision is made about it; aborting cancels the move. */
  moving: AbortController | undefined;
  /** The sources that refused this track. */
  readonly cooldowns: SourceCooldowns;
  readonly #addedAtMs: number;
  #refusal: string | undefined;
  #rejection: string | undefined;

  constructor(
    readonly track: TrackToTranscribe,
    readonly coverage: CoverageTracker,
    private readonly nowMs: () => number,
  ) {
    this.cooldowns = new SourceCooldowns(nowMs);
    this.#addedAtMs = nowMs();
  }

  get trackSid(): string {
    return this.track.trackSid;
  }

  get ageMs(): number {
    return this.nowMs() - this.#addedAtMs;
  }

  get isPlaced(): boolean {
    return this.assignment !== undefined || this.moving !== undefined;
  }

  /** All that receive it, or are starting to. */
  get assignments(): TrackAssignment[] {
    return [this.assignment, this.interim, this.next].filter((assignment) => assignment !== undefined);
  }

  /** Whether it waits in the queue for an egress of its own. */
  get isQueued(): boolean {
    return this.moving === undefined && this.assignment?.source === 'egress' && this.assignment.waitsForSlot;
  }

  /** Whether it is alone on an established egress: its own, or a paired one whose other track is gone. */
  get hasOwnEgress(): boolean {
    const { assignment } = this;
    if (assignment === undefined || this.moving !== undefined || !assignment.established || assignment.waitsForSlot)
      return false;
    return assignment.source === 'egress' || (assignment.source === 'paired-egress' && assignment.tracks.length === 1);
  }

  get isStartingOwnEgress(): boolean {
    const { assignment } = this;
    return (
      this.moving === undefined && assignment?.source === 'egress' && !assignment.established && assignment.holdsSlot
    );
  }

  /** Whether no source took it, and it has not been received since. */
  get rejected(): boolean {
    return this.#rejection !== undefined;
  }

  /** No source takes it now. It stays rejected until it is received, so that a failed retry is not reported again. */
  reject(): void {
    this.#rejection = this.#refusal ?? NO_SOURCE;
  }

  clearRejectionIfReceived(): void {
    if (this.coverage.receiving) this.#rejection = undefined;
  }

  refusedBy(source: AudioSourceName, reason: string): void {
    this.cooldowns.start(source);
    this.#refusal = reason;
  }

  /** Ends whatever receives it, and cancels a move. */
  unsubscribe(why: SubscriptionEndReason): void {
    this.moving?.abort();
    for (const assignment of this.assignments) assignment.removeTrack(this, why);
  }

  /** Completes a move: from here on `next` receives it. */
  switchToNext(): void {
    const { assignment: former, next } = this;
    if (next === undefined) return;
    this.next = undefined;
    this.assignment = next;
    former?.removeTrack(this, 'handed-over');
  }

  /** The move is over. The interim subscription stays where nothing else receives the track. */
  endInterim(): void {
    const { interim } = this;
    this.interim = undefined;
    if (this.assignment === undefined && interim?.established === true) this.assignment = interim;
    else interim?.removeTrack(this, 'handed-over');
  }

  unassign(assignment: object): void {
    if (this.assignment === assignment) this.assignment = undefined;
    if (this.interim === assignment) this.interim = undefined;
    if (this.next === assignment) this.next = undefined;
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

/** The tracks of a session, in the order in which they were added. */
export class RoutedTracks {
  readonly #bySid = new Map<string, RoutedTrack>();

  get all(): RoutedTrack[] {
    return [...this.#bySid.values()];
  }

  get unplaced(): RoutedTrack[] {
    return this.all.filter(({ isPlaced }) => !isPlaced);
  }

  /** Those that could share their egress with another track. */
  get withOwnEgress(): RoutedTrack[] {
    return this.all.filter(({ hasOwnEgress }) => hasOwnEgress);
  }

  get rejectedCount(): number {
    return this.all.filter(({ rejected }) => rejected).length;
  }

  find(trackSid: string): RoutedTrack | undefined {
    return this.#bySid.get(trackSid);
  }

  add(track: RoutedTrack): void {
    this.#bySid.set(track.trackSid, track);
  }

  delete(track: RoutedTrack): void {
    this.#bySid.delete(track.trackSid);
  }
}
