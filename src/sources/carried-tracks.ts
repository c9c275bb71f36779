import type { CarriedTrack } from './carried-track.js';

/** The tracks of a session, in the order in which they came. */
export class CarriedTracks {
  readonly #bySid = new Map<string, CarriedTrack>();

  get all(): CarriedTrack[] {
    return [...this.#bySid.values()];
  }

  /** Those for whom nothing is done. */
  get unplaced(): CarriedTrack[] {
    return this.all.filter(({ placed }) => !placed);
  }

  /** Those that could share their egress. */
  get alone(): CarriedTrack[] {
    return this.all.filter(({ alone }) => alone);
  }

  get rejected(): number {
    return this.all.filter(({ rejected }) => rejected).length;
  }

  find(trackSid: string): CarriedTrack | undefined {
    return this.#bySid.get(trackSid);
  }

  add(track: CarriedTrack): void {
    this.#bySid.set(track.trackSid, track);
  }

  delete(track: CarriedTrack): void {
    this.#bySid.delete(track.trackSid);
  }
}
