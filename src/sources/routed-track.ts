import type { AudioSourceName, SubscriptionEndReason, TrackToTranscribe } from '../media/audio-source.js';
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
  bridge: TrackAssignment | undefined;
  /** What is to carry it after that change, while it is being made. */
  next: TrackAssignment | undefined;
  /** While it changes it is left alone; this calls the change off. */
  move: AbortController | undefined;
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
  get placed(): boolean {
    return this.assignment !== undefined || this.move !== undefined;
  }

  /** Everything that carries it, or is about to. */
  get assignments(): TrackAssignment[] {
    return [this.assignment, this.bridge, this.next].filter((load) => load !== undefined);
  }

  /** Whether it waits in the queue for an egress of its own. */
  get queues(): boolean {
    return this.move === undefined && this.assignment?.source === 'egress' && this.assignment.waitsForSlot;
  }

  /** Whether it has an egress for itself: one of its own, or a pair of which the other is gone. */
  get alone(): boolean {
    const { assignment } = this;
    if (assignment === undefined || this.move !== undefined || !assignment.established || assignment.waitsForSlot)
      return false;
    return assignment.source === 'egress' || (assignment.source === 'paired-egress' && assignment.tracks.length === 1);
  }

  /** Whether an egress of its own just starts. */
  get soonAlone(): boolean {
    const { assignment } = this;
    return (
      this.move === undefined && assignment?.source === 'egress' && !assignment.established && assignment.holdsSlot
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
  denied(by: AudioSourceName, reason: string): void {
    this.cooldowns.add(by);
    this.#denial = reason;
  }

  /** Nothing carries it any more, nor will what was coming. */
  leave(why: SubscriptionEndReason): void {
    this.move?.abort();
    for (const load of this.assignments) load.drop(this, why);
  }

  /** What was coming carries it from now on. */
  arrive(): void {
    const { assignment: former, next } = this;
    if (next === undefined) return;
    this.next = undefined;
    this.assignment = next;
    former?.drop(this, 'handed-over');
  }

  /** The change is over; who is heard by the bridge alone stays there. */
  leaveBridge(): void {
    const { bridge } = this;
    this.bridge = undefined;
    if (this.assignment === undefined && bridge?.established === true) this.assignment = bridge;
    else bridge?.drop(this, 'handed-over');
  }

  release(load: object): void {
    if (this.assignment === load) this.assignment = undefined;
    if (this.bridge === load) this.bridge = undefined;
    if (this.next === load) this.next = undefined;
  }

  report(): Record<string, unknown> {
    const { source } = this.assignment ?? this.bridge ?? this.next ?? {};
    return { ...(source && { source }), ...this.#state() };
  }

  #state(): Readonly<Record<string, unknown>> {
    if (this.coverage.receiving) return { state: 'streaming' };
    if (!this.placed && this.#rejection !== undefined) return { state: 'failed', reason: this.#rejection };
    if (this.assignment === undefined && this.next === undefined) return { state: 'waiting-for-egress-slot' };
    return this.assignment?.report ?? {};
  }
}
