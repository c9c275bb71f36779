import type { AudioSourceName, CarriageEnd, CarryWishes, TrackToCarry } from '../media/audio-source.js';
import type { TrackVoices } from '../media/track-voices.js';
import type { AudioSources } from '../records/audio-sources.js';
import type { EgressSlots } from '../records/egress-slots.js';
import { BarredSources } from './barred-sources.js';
import { CarriedTrack, type CarriedLoad } from './carried-track.js';
import type { CarryingPolicy, Way } from './carrying-policy.js';
import { Load } from './load.js';
import { PairMove, type MoveHelp } from './pair-move.js';
import { UnheardWatch, type Unheard } from './unheard-watch.js';

export interface SessionCarrierOptions {
  readonly policy: CarryingPolicy;
  readonly sources: AudioSources;
  readonly slots: EgressSlots;
  readonly voices: TrackVoices | undefined;
  /** The session clock. */
  readonly nowMs: () => number;
  readonly onUnheard: (unheard: Unheard) => void;
  /** How many tracks nothing is done for, whenever that changes. */
  readonly onRejected: (count: number) => void;
}

const REJECTED = 'no source takes this track: Egress has no slot for it, or the source cannot work here';

/**
 * Decides for the tracks of one session what carries each: for whom nothing does, the ways of the policy are tried in
 * their order, at every change and once a second.
 */
export class SessionCarrier implements MoveHelp {
  readonly #options: SessionCarrierOptions;
  readonly #tracks = new Map<string, CarriedTrack>();
  readonly #barred: BarredSources;
  readonly #ended = new AbortController();
  #room: CarriedLoad | undefined;
  #wholeRoom: boolean;
  #reviewing = false;

  constructor(options: SessionCarrierOptions) {
    this.#options = options;
    this.#barred = new BarredSources(options.nowMs);
    this.#wholeRoom = options.policy.wholeRoom;
  }

  get slots(): EgressSlots {
    return this.#options.slots;
  }

  get voices(): TrackVoices | undefined {
    return this.#options.voices;
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  /** By track SID: what carries it, and how that goes. */
  reports(): ReadonlyMap<string, Record<string, unknown>> {
    return new Map([...this.#tracks].map(([trackSid, track]) => [trackSid, track.report()]));
  }

  add(track: TrackToCarry): void {
    if (this.#tracks.has(track.trackSid) || this.signal.aborted) return;
    const unheard = new UnheardWatch(this.#options.nowMs, this.#options.onUnheard);
    this.#tracks.set(track.trackSid, new CarriedTrack(track, unheard));
    this.review();
  }

  remove(trackSid: string, why: CarriageEnd = 'track-gone'): void {
    const track = this.#tracks.get(trackSid);
    if (track === undefined) return;
    this.#tracks.delete(trackSid);
    track.gone = true;
    track.unheard.close(why === 'track-gone');
    for (const load of [track.load, track.bridge]) this.#drop(load, track, why);
    if (track.rejected !== undefined) this.#tellRejected();
    this.review();
  }

  /** Idempotent. */
  end(): void {
    this.#ended.abort();
    for (const trackSid of [...this.#tracks.keys()]) this.remove(trackSid, 'session-over');
  }

  /** Looks again, soon: what comes at once is decided together. */
  review(): void {
    if (this.#reviewing || this.signal.aborted) return;
    this.#reviewing = true;
    setImmediate(() => {
      this.#reviewing = false;
      if (!this.signal.aborted) this.#review();
    });
  }

  pair(left: CarriedTrack, right: CarriedTrack, whenFull: 'refuse' | 'first'): CarriedLoad | undefined {
    return this.#carry('paired-egress', [left, right], { partner: right.track, whenFull });
  }

  bridge(track: CarriedTrack): CarriedLoad | undefined {
    return this.#options.policy.ways.includes('participant') ? this.#carry('participant', [track]) : undefined;
  }

  #review(): void {
    const unplaced = (): CarriedTrack[] =>
      [...this.#tracks.values()].filter(({ load, moving, rejected }) => !load && !moving && rejected === undefined);
    if (this.#pairs) this.#pairNewcomers(unplaced());
    for (const track of unplaced()) this.#place(track);
    if (this.#pairs) this.#pairMore();
  }

  get #pairs(): boolean {
    return this.#options.policy.ways.includes('pair') && !this.#wholeRoom && !this.#barred.has('paired-egress');
  }

  /** Whether a slot that is free should rather be used for a pair: where pairs are wanted, or it is the last. */
  get #saves(): boolean {
    return this.#options.policy.pairsAlways ? this.slots.free > 0 : this.slots.free === 1;
  }

  /** Who comes together may share from the start. */
  #pairNewcomers(tracks: CarriedTrack[]): void {
    const { pairsAlways } = this.#options.policy;
    for (let at = 0; at + 1 < tracks.length; at += 2) {
      const left = tracks.length - at;
      if (this.slots.free === 0 || (!pairsAlways && left <= this.slots.free)) return;
      const [one, other] = [tracks[at]!, tracks[at + 1]!];
      const pair = this.pair(one, other, 'refuse');
      if (pair === undefined) return;
      one.load = other.load = pair;
    }
  }

  #place(track: CarriedTrack): void {
    this.#room?.add(track);
    track.load = this.#room;
    if (this.#room !== undefined) return;
    for (const way of this.#options.policy.ways) if (this.#tryWay(way, track)) return;
    this.#reject(track);
  }

  /** Whether the track is taken care of. */
  #tryWay(way: Way, track: CarriedTrack): boolean {
    switch (way) {
      case 'egress':
        if (this.#pairs && this.#saves && this.#pairWithSomebody(track)) return true;
        return this.#settle(track, this.#carry('egress', [track]));
      case 'pair':
        return this.#pairs && this.#pairWithSomebody(track);
      case 'participant':
        return this.#settle(track, this.#carry('participant', [track]));
      case 'room-egress':
        return this.#carryRoom('refuse');
      case 'queue':
        if (this.#wholeRoom) return this.#carryRoom('last');
        return this.#settle(track, this.#carry('egress', [track], { whenFull: 'last' }));
      case 'reject':
        this.#reject(track);
        return true;
    }
  }

  #settle(track: CarriedTrack, load: CarriedLoad | undefined): boolean {
    track.load = load;
    return load !== undefined;
  }

  #pairWithSomebody(track: CarriedTrack): boolean {
    const partner = [...this.#tracks.values()].find((other) => other !== track && other.alone);
    if (partner === undefined) return false;
    this.#move(partner, track);
    return true;
  }

  /** Who queues finds a partner; and while one slot is spare, two who are alone share, so that it stays so. */
  #pairMore(): void {
    for (const track of this.#tracks.values()) if (track.queues) this.#pairWithSomebody(track);
    const [one, other] = [...this.#tracks.values()].filter(({ alone }) => alone);
    if (this.#saves && one !== undefined && other !== undefined) this.#move(one, other);
  }

  #move(left: CarriedTrack, right: CarriedTrack): void {
    void new PairMove(this, left, right).run().then((problem) => {
      if (problem !== undefined && !left.gone && !right.gone) this.#barred.add('paired-egress');
      this.review();
    });
  }

  /** From here on one egress carries everybody; what carried some of them ends. */
  #carryRoom(whenFull: 'refuse' | 'last'): boolean {
    const tracks = [...this.#tracks.values()];
    const former = new Map(tracks.map((track) => [track, track.load]));
    const holdsSlots = tracks.some(({ load }) => load?.established === true && load.source !== 'participant');
    const room = this.#carry('room-egress', tracks, { whenFull: holdsSlots ? 'first' : whenFull });
    if (room === undefined) return false;
    this.#wholeRoom = true;
    this.#room = room;
    for (const [track, load] of former) {
      load?.drop(track, 'handed-over');
      track.load = room;
    }
    return true;
  }

  #carry(name: AudioSourceName, tracks: readonly CarriedTrack[], wishes?: CarryWishes): CarriedLoad | undefined {
    const [first] = tracks;
    const waits = wishes?.whenFull !== undefined && wishes.whenFull !== 'refuse';
    if (first === undefined || (this.#barred.has(name) && !waits)) return undefined;
    const carriage = this.#options.sources.find(name)?.carry(first.track, wishes);
    if (carriage === undefined) return undefined;
    const load = new Load(name, carriage, tracks);
    load.onRefused(() => this.#onRefused(load));
    void load.outcome().then(() => this.review());
    return load;
  }

  #onRefused(load: CarriedLoad): void {
    this.#barred.add(load.source);
    if (load === this.#room) {
      this.#room = undefined;
      this.#wholeRoom = false;
    }
    for (const track of load.tracks) if (track.load === load) track.load = undefined;
    load.close('handed-over');
    this.review();
  }

  #drop(load: CarriedLoad | undefined, track: CarriedTrack, why: CarriageEnd): void {
    if (load === undefined) return;
    const wasComing = load.source === 'paired-egress' && !load.established;
    load.drop(track, why);
    if (load === this.#room && load.closed) this.#room = undefined;
    // A pair begins only when both are there.
    if (wasComing && !load.closed) for (const other of load.tracks) this.#give(load, other);
  }

  #give(load: Load, track: CarriedTrack): void {
    load.drop(track, 'handed-over');
    if (track.load === load) track.load = undefined;
  }

  #reject(track: CarriedTrack): void {
    track.rejected = REJECTED;
    this.#tellRejected();
  }

  #tellRejected(): void {
    this.#options.onRejected([...this.#tracks.values()].filter(({ rejected }) => rejected !== undefined).length);
  }
}
