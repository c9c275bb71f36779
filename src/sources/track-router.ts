import { ROOM_MIX_SID, type SubscriptionEndReason, type TrackToTranscribe } from '../media/audio-source.js';
import type { TrackSpeechActivity } from '../media/track-speech-activity.js';
import type { AudioSources } from './audio-sources.port.js';
import type { EgressSlots } from '../egress/egress-slots.port.js';
import type { TrackReception } from '../sessions/session-states.port.js';
import { RoutedTrack, type TrackAssignment } from './routed-track.js';
import { RoutedTracks } from './routed-tracks.js';
import type { RoutingPolicy, RoutingStep } from './routing-policy.js';
import { PairMove, type PairMoveContext } from './pair-move.js';
import { isSamePlace, RepublishTracker } from './succession.js';
import { CoverageTracker, type CoverageGap } from './coverage-tracker.js';
import { AvailableSources } from './available-sources.js';

export interface TrackRouterOptions {
  readonly policy: RoutingPolicy;
  readonly sources: AudioSources;
  readonly slots: EgressSlots;
  readonly speechActivity: TrackSpeechActivity | undefined;
  /** The session clock. */
  readonly nowMs: () => number;
  readonly onGap: (unheard: CoverageGap) => void;
  /** How many tracks nothing is done for, whenever that changes. */
  readonly onRejected: (count: number) => void;
}

/** An egress that starts is there by then, or something is wrong with it. */
const PARTNER_WITHIN_MS = 5_000;

/**
 * Decides for the tracks of one session what carries each: for whom nothing does, the ways of the policy are tried in
 * their order, at every change and once a second.
 */
export class TrackRouter implements PairMoveContext {
  readonly #options: TrackRouterOptions;
  readonly #ways: readonly RoutingStep[];
  readonly #tracks = new RoutedTracks();
  readonly #sources: AvailableSources;
  readonly #succession: RepublishTracker;
  /** Those that somebody waits for, to share what they just start. */
  readonly #awaited = new Set<RoutedTrack>();
  #room: TrackAssignment | undefined;
  #roomFromStart: boolean;
  #rejected = 0;
  #reviewing = false;
  #ended = false;

  constructor(options: TrackRouterOptions) {
    this.#options = options;
    this.#ways = [...options.policy.steps, 'reject'];
    this.#sources = new AvailableSources(options.sources, options.nowMs, () => this.scheduleReview());
    this.#succession = new RepublishTracker(options.nowMs);
    this.#roomFromStart = options.policy.wholeRoom;
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
    return this.#room && { source: this.#room.source, reception: this.#room.state };
  }

  /** By track SID: what carries it, and how that goes. */
  reports(): ReadonlyMap<string, Record<string, unknown>> {
    return new Map(this.#tracks.all.map((track) => [track.trackSid, track.report()]));
  }

  add(track: TrackToTranscribe): void {
    if (this.#tracks.find(track.trackSid) !== undefined || this.#ended) return;
    const { nowMs, onGap } = this.#options;
    const unheard = new CoverageTracker(nowMs, onGap);
    const sinceMs = this.#succession.take(track);
    if (sinceMs !== undefined) unheard.continueFrom(sinceMs);
    this.#tracks.add(new RoutedTrack(track, unheard, nowMs));
    this.scheduleReview();
  }

  remove(trackSid: string, why: SubscriptionEndReason = 'track-gone'): void {
    const track = this.#tracks.find(trackSid);
    if (track === undefined) return;
    this.#tracks.delete(track);
    const unheardSinceMs = track.coverage.close(why === 'track-gone');
    track.unsubscribe(why);
    if (why === 'track-gone' && unheardSinceMs !== undefined) this.#replace(track, unheardSinceMs);
    this.#tellRejected();
    this.scheduleReview();
  }

  /** Idempotent. */
  end(): void {
    this.#ended = true;
    for (const { trackSid } of this.#tracks.all) this.remove(trackSid, 'session-over');
  }

  /** Looks again, soon: what comes at once is decided together. */
  scheduleReview(): void {
    if (this.#reviewing || this.#ended) return;
    this.#reviewing = true;
    setImmediate(() => {
      this.#reviewing = false;
      if (!this.#ended) this.#review();
    });
  }

  subscribePair(left: RoutedTrack, right: RoutedTrack, whenFull: 'refuse' | 'first'): TrackAssignment | undefined {
    return this.#sources.subscribe('paired-egress', [left, right], { partner: right.track, whenFull });
  }

  subscribeInterim(track: RoutedTrack): TrackAssignment | undefined {
    return this.#ways.includes('participant') ? this.#sources.subscribe('participant', [track]) : undefined;
  }

  #review(): void {
    this.#awaited.clear();
    for (const track of this.#tracks.all) track.clearRejection();
    if (this.#pairs) this.#pairNewcomers(this.#tracks.unplaced);
    for (const track of this.#tracks.unplaced) this.#place(track);
    if (this.#pairs) this.#pairMore();
    this.#tellRejected();
  }

  /** Another track takes its place: one that is here and was never heard, or one that comes in a moment. */
  #replace({ track: former }: RoutedTrack, unheardSinceMs: number): void {
    // What hears the whole room hears whoever comes without our doing.
    if (this.#room?.receiving === true) return;
    const next = this.#tracks.all.find(({ track, coverage }) => coverage.isNew && isSamePlace(track, former));
    if (next === undefined) this.#succession.leave(former, unheardSinceMs);
    else next.coverage.continueFrom(unheardSinceMs);
  }

  /** Whether one egress carries everybody. */
  get #wholeRoom(): boolean {
    return this.#roomFromStart || this.#room?.closed === false;
  }

  get #pairs(): boolean {
    return this.#ways.includes('pair') && !this.#wholeRoom && !this.#sources.isOnCooldown('paired-egress');
  }

  /** Whether a slot that is free should rather be used for a pair: where pairs are wanted, or it is the last. */
  get #saves(): boolean {
    return this.#options.policy.alwaysPairs ? this.slots.free > 0 : this.slots.free === 1;
  }

  /** Who comes together may share from the start. */
  #pairNewcomers(tracks: RoutedTrack[]): void {
    const { alwaysPairs } = this.#options.policy;
    for (let at = 0; at + 1 < tracks.length; at += 2) {
      const left = tracks.length - at;
      if (this.slots.free === 0 || (!alwaysPairs && left <= this.slots.free)) return;
      const [one, other] = [tracks[at]!, tracks[at + 1]!];
      const pair = this.subscribePair(one, other, 'refuse');
      if (pair === undefined) return;
      one.assignment = other.assignment = pair;
    }
  }

  #place(track: RoutedTrack): void {
    if (this.#room?.closed === false) {
      this.#room.addTrack(track);
      track.assignment = this.#room;
      return;
    }
    for (const way of this.#ways) if (this.#tryWay(way, track)) return;
  }

  /** Whether the track is taken care of. */
  #tryWay(way: RoutingStep, track: RoutedTrack): boolean {
    switch (way) {
      case 'egress':
        if (this.#pairs && this.#saves && this.#pairWithSomebody(track)) return true;
        return this.#settle(track, this.#sources.subscribe('egress', [track]));
      case 'pair':
        return this.#pairs && this.#pairWithSomebody(track);
      case 'participant':
        return this.#settle(track, this.#sources.subscribe('participant', [track]));
      case 'room-egress':
        return this.#sharesSoon(track, way) || this.#carryRoom('refuse');
      case 'queue':
        if (this.#wholeRoom) return this.#carryRoom('last');
        return this.#settle(track, this.#sources.subscribe('egress', [track], { whenFull: 'last' }));
      case 'reject':
        if (!this.#sharesSoon(track, way)) track.reject();
        return true;
    }
  }

  #settle(track: RoutedTrack, load: TrackAssignment | undefined): boolean {
    track.assignment = load;
    return load !== undefined;
  }

  #pairWithSomebody(track: RoutedTrack): boolean {
    const partner = this.#tracks.withOwnEgress.find((other) => other !== track);
    if (partner === undefined) return false;
    this.#move(partner, track);
    return true;
  }

  /** Whether the track had better wait a moment, until somebody's egress has started and can be shared. */
  #sharesSoon(track: RoutedTrack, insteadOf: RoutingStep): boolean {
    const isFirstChoice = this.#ways.indexOf('pair') < this.#ways.indexOf(insteadOf);
    if (!this.#pairs || !isFirstChoice || track.ageMs > PARTNER_WITHIN_MS) return false;
    const partner = this.#tracks.all.find((other) => other.isStartingOwnEgress && !this.#awaited.has(other));
    if (partner === undefined) return false;
    this.#awaited.add(partner);
    return true;
  }

  /** Who queues finds a partner; and while one slot is spare, two who are alone share, so that it stays so. */
  #pairMore(): void {
    for (const track of this.#tracks.all) if (track.isQueued) this.#pairWithSomebody(track);
    const [one, other] = this.#tracks.withOwnEgress;
    if (this.#saves && one !== undefined && other !== undefined) this.#move(one, other);
  }

  #move(left: RoutedTrack, right: RoutedTrack): void {
    void new PairMove(this, left, right).run().then((problem) => {
      if (problem !== undefined) this.#sources.coolDown('paired-egress');
      this.scheduleReview();
    });
  }

  /** From here on one egress carries everybody; what carried some of them, or was about to, ends. */
  #carryRoom(whenFull: 'refuse' | 'last'): boolean {
    const tracks = this.#tracks.all;
    const makesRoom = tracks.some(({ assignments }) => assignments.some(({ holdsSlot }) => holdsSlot));
    const room = this.#sources.subscribe('room-egress', tracks, { whenFull: makesRoom ? 'first' : whenFull });
    if (room === undefined) return false;
    this.#room = room;
    room.onRefused(() => (this.#roomFromStart = false));
    for (const track of tracks) {
      track.unsubscribe('handed-over');
      track.assignment = room;
    }
    return true;
  }

  #tellRejected(): void {
    const { rejectedCount } = this.#tracks;
    if (rejectedCount === this.#rejected) return;
    this.#rejected = rejectedCount;
    this.#options.onRejected(rejectedCount);
  }
}
