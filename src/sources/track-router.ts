import { ROOM_MIX_SID, type SubscriptionEndReason, type TrackToTranscribe } from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import type { TrackSpeechActivity } from '../media/track-speech-activity.js';
import type { AudioSources } from './audio-sources.port.js';
import type { EgressSlots } from '../egress/egress-slots.port.js';
import type { TrackReception } from '../sessions/session-states.port.js';
import { RoutedTrack, RoutedTracks, type TrackAssignment } from './routed-track.js';
import type { RoutingPolicy, RoutingStep } from './routing-policy.js';
import { PairMove, type PairMoveContext } from './pair-move.js';
import { CoverageTracker, haveSamePublisher, RepublishTracker, type CoverageGap } from './coverage-tracker.js';
import { AvailableSources } from './available-sources.js';

export interface TrackRouterOptions {
  readonly policy: RoutingPolicy;
  readonly sources: AudioSources;
  readonly slots: EgressSlots;
  readonly speechActivity: TrackSpeechActivity | undefined;
  /** The session clock. */
  readonly nowMs: () => number;
  readonly onGap: (gap: CoverageGap, track: TrackToTranscribe) => void;
  /** Called with the number of tracks that no source takes, whenever it changes. */
  readonly onRejected: (count: number) => void;
}

/** How long a new track waits for another one's egress to start, to share it. */
const MAX_PARTNER_WAIT_MS = 5_000;

/**
 * Routes each track of one session to an audio source: for a track that no source receives, the steps of the policy are
 * tried in order, at every change and once a second.
 */
export class TrackRouter implements PairMoveContext {
  readonly #options: TrackRouterOptions;
  readonly #steps: readonly RoutingStep[];
  readonly #tracks = new RoutedTracks();
  readonly #sources: AvailableSources;
  readonly #republished: RepublishTracker;
  /** Tracks whose starting egress another track waits to share. */
  readonly #reservedPartners = new Set<RoutedTrack>();
  #roomAssignment: TrackAssignment | undefined;
  #startsWithRoom: boolean;
  #reportedRejected = 0;
  #reviewScheduled = false;
  #ended = false;

  constructor(options: TrackRouterOptions) {
    this.#options = options;
    this.#steps = [...options.policy.steps, 'reject'];
    this.#sources = new AvailableSources(options.sources, options.nowMs, () => this.scheduleReview());
    this.#republished = new RepublishTracker(options.nowMs);
    this.#startsWithRoom = options.policy.wholeRoom;
  }

  get slots(): EgressSlots {
    return this.#options.slots;
  }

  get speechActivity(): TrackSpeechActivity | undefined {
    return this.#options.speechActivity;
  }

  /** @param trackSid `ROOM_MIX_SID` for the whole room on one connection */
  receptionOf(trackSid: string): TrackReception | undefined {
    if (trackSid !== ROOM_MIX_SID) return this.#tracks.find(trackSid)?.reception;
    return this.#roomAssignment && { source: this.#roomAssignment.source, reception: this.#roomAssignment.state };
  }

  /** For `GET /sessions/{id}`, by track SID. */
  reports(): ReadonlyMap<string, Record<string, unknown>> {
    return new Map(this.#tracks.all.map((track) => [track.trackSid, track.report()]));
  }

  states(): TrackState['state'][] {
    return this.#tracks.all.flatMap(({ reception: { reception } }) => reception?.state ?? []);
  }

  /**
   * @param publishedAtMs the session time from which its audio can be missing; default: now
   * @param leastFirstGapMs how long it must be missing at first for that to be reported; default: however short
   */
  add(track: TrackToTranscribe, publishedAtMs?: number, leastFirstGapMs?: number): void {
    if (this.#tracks.find(track.trackSid) !== undefined || this.#ended) return;
    const { nowMs, onGap } = this.#options;
    const coverage = new CoverageTracker(nowMs, (gap) => onGap(gap, track), publishedAtMs, leastFirstGapMs);
    const gapStartMs = this.#republished.takeGapStart(track);
    if (gapStartMs !== undefined) coverage.continueFrom(gapStartMs);
    this.#tracks.add(new RoutedTrack(track, coverage, nowMs));
    this.scheduleReview();
  }

  remove(trackSid: string, why: SubscriptionEndReason = 'track-gone'): void {
    const track = this.#tracks.find(trackSid);
    if (track === undefined) return;
    this.#tracks.delete(track);
    const gapStartMs = track.coverage.close(why === 'track-gone');
    track.unsubscribe(why);
    if (why === 'track-gone' && gapStartMs !== undefined) this.#continueGap(track, gapStartMs);
    this.#reportRejected();
    this.scheduleReview();
  }

  /** Idempotent. */
  end(): void {
    this.#ended = true;
    for (const { trackSid } of this.#tracks.all) this.remove(trackSid, 'session-over');
  }

  /** Reviews all tracks in the next turn of the event loop: what happens in one turn is decided together. */
  scheduleReview(): void {
    if (this.#reviewScheduled || this.#ended) return;
    this.#reviewScheduled = true;
    setImmediate(() => {
      this.#reviewScheduled = false;
      if (!this.#ended) this.#review();
    });
  }

  subscribePair(left: RoutedTrack, right: RoutedTrack, whenFull: 'refuse' | 'first'): TrackAssignment | undefined {
    return this.#sources.subscribe('paired-egress', [left, right], { partner: right.track, whenFull });
  }

  subscribeInterim(track: RoutedTrack): TrackAssignment | undefined {
    return this.#steps.includes('participant') ? this.#sources.subscribe('participant', [track]) : undefined;
  }

  #review(): void {
    this.#reservedPartners.clear();
    for (const track of this.#tracks.all) track.clearRejectionIfReceived();
    if (this.#canPair) this.#pairNewTracks(this.#tracks.unplaced);
    for (const track of this.#tracks.unplaced) this.#place(track);
    if (this.#canPair) this.#pairQueued();
    this.#reportRejected();
  }

  /** The gap continues in the track that replaces it: one that is there and was never received, or one that follows soon. */
  #continueGap({ track: former }: RoutedTrack, gapStartMs: number): void {
    // A room egress receives new tracks by itself.
    if (this.#roomAssignment?.receiving === true) return;
    const next = this.#tracks.all.find(({ track, coverage }) => coverage.isNew && haveSamePublisher(track, former));
    if (next === undefined) this.#republished.unpublished(former, gapStartMs);
    else next.coverage.continueFrom(gapStartMs);
  }

  /** Whether one egress receives the whole room. */
  get #wholeRoom(): boolean {
    return this.#startsWithRoom || this.#roomAssignment?.closed === false;
  }

  get #canPair(): boolean {
    return this.#steps.includes('pair') && !this.#wholeRoom && !this.#sources.isOnCooldown('paired-egress');
  }

  /** Whether a free slot should rather be used for a pair: always by policy, or because it is the last one. */
  get #prefersPair(): boolean {
    return this.#options.policy.alwaysPairs ? this.slots.free > 0 : this.slots.free === 1;
  }

  /** Tracks that were published together may share an egress from the start. */
  #pairNewTracks(tracks: RoutedTrack[]): void {
    const { alwaysPairs } = this.#options.policy;
    for (let at = 0; at + 1 < tracks.length; at += 2) {
      const remaining = tracks.length - at;
      if (this.slots.free === 0 || (!alwaysPairs && remaining <= this.slots.free)) return;
      const [one, other] = [tracks[at]!, tracks[at + 1]!];
      const pair = this.subscribePair(one, other, 'refuse');
      if (pair === undefined) return;
      one.assignment = other.assignment = pair;
    }
  }

  #place(track: RoutedTrack): void {
    if (this.#roomAssignment?.closed === false) {
      this.#roomAssignment.addTrack(track);
      track.assignment = this.#roomAssignment;
      return;
    }
    for (const step of this.#steps) if (this.#tryStep(step, track)) return;
  }

  /** Whether the step settled what happens to the track. */
  #tryStep(step: RoutingStep, track: RoutedTrack): boolean {
    switch (step) {
      case 'egress':
        if (this.#canPair && this.#prefersPair && this.#pairWithAny(track)) return true;
        return this.#assign(track, this.#sources.subscribe('egress', [track]));
      case 'pair':
        return this.#canPair && this.#pairWithAny(track);
      case 'participant':
        return this.#assign(track, this.#sources.subscribe('participant', [track]));
      case 'room-egress':
        return this.#waitsForPartner(track, step) || this.#subscribeRoom('refuse');
      case 'queue':
        if (this.#wholeRoom) return this.#subscribeRoom('last');
        return this.#assign(track, this.#sources.subscribe('egress', [track], { whenFull: 'last' }));
      case 'reject':
        if (!this.#waitsForPartner(track, step)) track.reject();
        return true;
    }
  }

  #assign(track: RoutedTrack, assignment: TrackAssignment | undefined): boolean {
    track.assignment = assignment;
    return assignment !== undefined;
  }

  #pairWithAny(track: RoutedTrack): boolean {
    const partner = this.#tracks.withOwnEgress.find((other) => other !== track);
    if (partner === undefined) return false;
    this.#moveToPair(partner, track);
    return true;
  }

  /** Whether the track should wait until an egress that is starting can be shared. */
  #waitsForPartner(track: RoutedTrack, alternative: RoutingStep): boolean {
    const isFirstChoice = this.#steps.indexOf('pair') < this.#steps.indexOf(alternative);
    if (!this.#canPair || !isFirstChoice || track.ageMs > MAX_PARTNER_WAIT_MS) return false;
    const partner = this.#tracks.all.find((other) => other.isStartingOwnEgress && !this.#reservedPartners.has(other));
    if (partner === undefined) return false;
    this.#reservedPartners.add(partner);
    return true;
  }

  /** Queued tracks find a partner; and while only one slot is free, two tracks move together, so that it stays free. */
  #pairQueued(): void {
    for (const track of this.#tracks.all) if (track.isQueued) this.#pairWithAny(track);
    const [one, other] = this.#tracks.withOwnEgress;
    if (this.#prefersPair && one !== undefined && other !== undefined) this.#moveToPair(one, other);
  }

  #moveToPair(left: RoutedTrack, right: RoutedTrack): void {
    void new PairMove(this, left, right).run().then((problem) => {
      if (problem !== undefined) this.#sources.coolDown('paired-egress');
      this.scheduleReview();
    });
  }

  /** Subscribes the whole room on one egress, and ends the other subscriptions. */
  #subscribeRoom(whenFull: 'refuse' | 'last'): boolean {
    const tracks = this.#tracks.all;
    const freesSlot = tracks.some(({ assignments }) => assignments.some(({ holdsSlot }) => holdsSlot));
    const room = this.#sources.subscribe('room-egress', tracks, { whenFull: freesSlot ? 'first' : whenFull });
    if (room === undefined) return false;
    this.#roomAssignment = room;
    room.onRefused(() => (this.#startsWithRoom = false));
    for (const track of tracks) {
      track.unsubscribe('handed-over');
      track.assignment = room;
    }
    return true;
  }

  #reportRejected(): void {
    const { rejectedCount } = this.#tracks;
    if (rejectedCount === this.#reportedRejected) return;
    this.#reportedRejected = rejectedCount;
    this.#options.onRejected(rejectedCount);
  }
}
