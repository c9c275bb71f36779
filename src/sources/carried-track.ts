import type { AudioSourceName, CarriageEnd, TrackToCarry } from '../media/audio-source.js';
import { shownTrackState, type TrackState } from '../media/track-state.js';
import type { TrackReception } from '../records/session-states.js';
import { BarredSources } from './barred-sources.js';
import type { Load, LoadedTrack } from './load.js';
import type { UnheardWatch } from './unheard-watch.js';

export type CarriedLoad = Load<CarriedTrack>;

const NO_WAY = 'no source takes this track: Egress has no slot for it, or the source cannot work here';

/** A track that is to be heard, and all that carries it. */
export class CarriedTrack implements LoadedTrack {
  /** What carries it, or is about to. */
  load: CarriedLoad | undefined;
  /** What carries it meanwhile, while it changes from one egress to another. */
  bridge: CarriedLoad | undefined;
  /** What is to carry it after that change, while it is being made. */
  coming: CarriedLoad | undefined;
  /** While it changes it is left alone; this calls the change off. */
  move: AbortController | undefined;
  /** The sources that cannot hear this one, whatever they hear else. */
  readonly barred: BarredSources;
  readonly #cameAtMs: number;
  #denial: string | undefined;
  #rejection: string | undefined;

  constructor(
    readonly track: TrackToCarry,
    readonly unheard: UnheardWatch,
    private readonly nowMs: () => number,
  ) {
    this.barred = new BarredSources(nowMs);
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
    return this.load !== undefined || this.move !== undefined;
  }

  /** Everything that carries it, or is about to. */
  get loads(): CarriedLoad[] {
    return [this.load, this.bridge, this.coming].filter((load) => load !== undefined);
  }

  /** Whether it waits in the queue for an egress of its own. */
  get queues(): boolean {
    return this.move === undefined && this.load?.source === 'egress' && this.load.waitsForSlot;
  }

  /** Whether it has an egress for itself: one of its own, or a pair of which the other is gone. */
  get alone(): boolean {
    const { load } = this;
    if (load === undefined || this.move !== undefined || !load.established || load.waitsForSlot) return false;
    return load.source === 'egress' || (load.source === 'paired-egress' && load.tracks.length === 1);
  }

  /** Whether an egress of its own just starts. */
  get soonAlone(): boolean {
    const { load } = this;
    return this.move === undefined && load?.source === 'egress' && !load.established && load.holdsSlot;
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
  acquit(): void {
    if (this.unheard.heard) this.#rejection = undefined;
  }

  /** This source cannot hear it. */
  denied(by: AudioSourceName, reason: string): void {
    this.barred.add(by);
    this.#denial = reason;
  }

  /** Nothing carries it any more, nor will what was coming. */
  leave(why: CarriageEnd): void {
    this.move?.abort();
    for (const load of this.loads) load.drop(this, why);
  }

  /** What was coming carries it from now on. */
  arrive(): void {
    const { load: former, coming } = this;
    if (coming === undefined) return;
    this.coming = undefined;
    this.load = coming;
    former?.drop(this, 'handed-over');
  }

  /** The change is over; who is heard by the bridge alone stays there. */
  leaveBridge(): void {
    const { bridge } = this;
    this.bridge = undefined;
    if (this.load === undefined && bridge?.established === true) this.load = bridge;
    else bridge?.drop(this, 'handed-over');
  }

  lose(load: object): void {
    if (this.load === load) this.load = undefined;
    if (this.bridge === load) this.bridge = undefined;
    if (this.coming === load) this.coming = undefined;
  }

  get reception(): TrackReception {
    const current = this.load ?? this.bridge ?? this.coming;
    return { source: current?.source, reception: this.#state(current) };
  }

  /** What `GET /sessions/{id}` shows of it. */
  report(): Record<string, unknown> {
    const { source, reception } = this.reception;
    return { ...(source && { source }), ...(reception && shownTrackState(reception)) };
  }

  #state(current: CarriedLoad | undefined): TrackState | undefined {
    if (this.unheard.heard) return { state: 'streaming' };
    if (!this.placed && this.#rejection !== undefined) return { state: 'failed', reason: this.#rejection };
    if (this.load === undefined && this.coming === undefined) return { state: 'waiting-for-egress-slot' };
    return current?.state;
  }
}
