import type { RoutedTrack } from './routed-track.js';

/** The tracks of a session, in the order in which they came. */
export class RoutedTracks {
  readonly #bySid = new Map<string, RoutedTrack>();

  get all(): RoutedTrack[] {
    return [...this.#bySid.values()];
  }

  /** Those for whom nothing is done. */
  get unplaced(): RoutedTrack[] {
    return this.all.filter(({ isPlaced }) => !isPlaced);
  }

  /** Those that could share their egress. */
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
