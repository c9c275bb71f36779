import type { TrackToCarry } from '../media/audio-source.js';
import type { Load, LoadedTrack } from './load.js';
import type { UnheardWatch } from './unheard-watch.js';

export type CarriedLoad = Load<CarriedTrack>;

/** A track that is to be heard, and what carries it. */
export class CarriedTrack implements LoadedTrack {
  /** What carries it, or is about to. */
  load: CarriedLoad | undefined;
  /** What carries it meanwhile, while it changes from one egress to another. */
  bridge: CarriedLoad | undefined;
  /** While it changes: it is left alone. */
  moving = false;
  /** It was unpublished. */
  gone = false;
  /** Why nothing is done for it. */
  rejected: string | undefined;

  constructor(
    readonly track: TrackToCarry,
    readonly unheard: UnheardWatch,
  ) {}

  get trackSid(): string {
    return this.track.trackSid;
  }

  /** Whether it waits in the queue for an egress of its own. */
  get queues(): boolean {
    return this.load?.source === 'egress' && !this.load.established && !this.moving;
  }

  /** Whether it has an egress for itself: one of its own, or a pair of which the other is gone. */
  get alone(): boolean {
    const { load } = this;
    if (load === undefined || this.moving || !load.established) return false;
    return load.source === 'egress' || (load.source === 'paired-egress' && load.tracks.length === 1);
  }

  report(): Record<string, unknown> {
    const { source } = this.load ?? this.bridge ?? {};
    return { ...(source && { source }), ...this.#state() };
  }

  #state(): { state?: string; reason?: string } {
    if (this.rejected !== undefined) return { state: 'failed', reason: this.rejected };
    if (this.unheard.heard) return { state: 'streaming' };
    if (this.load === undefined) return { state: 'waiting-for-egress-slot' };
    if (this.load.source !== 'room-egress') return {};
    return { state: this.load.established ? 'restarting' : 'starting' };
  }
}
