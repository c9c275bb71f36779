import type { TrackToTranscribe } from '../media/audio-source.js';

/** Who publishes anew later than that has been away, and said nothing to this room meanwhile. */
const AT_ONCE_MS = 3_000;

/**
 * Whose track takes the place of whose: who publishes a track anew, or comes back, goes on talking, and from the end of the
 * former until the new one is heard nobody hears that. Remembers a track that is gone for a moment.
 */
export class RepublishTracker {
  readonly #unheardSinceMs = new Map<string, number>();

  constructor(private readonly nowMs: () => number) {}

  /** The track is gone; since then, on the session clock, its person is not heard. */
  leave(track: TrackToTranscribe, sinceMs: number): void {
    this.#forget();
    this.#unheardSinceMs.set(placeOf(track), sinceMs);
  }

  /** Since when the person of a new track is not heard, where it takes the place of one that has just gone. Once for each. */
  take(track: TrackToTranscribe): number | undefined {
    this.#forget();
    const sinceMs = this.#unheardSinceMs.get(placeOf(track));
    this.#unheardSinceMs.delete(placeOf(track));
    return sinceMs;
  }

  #forget(): void {
    const firstMs = this.nowMs() - AT_ONCE_MS;
    for (const [place, sinceMs] of this.#unheardSinceMs) if (sinceMs < firstMs) this.#unheardSinceMs.delete(place);
  }
}

/** A screen's sound does not take the place of a microphone. */
export function isSamePlace(one: TrackToTranscribe, other: TrackToTranscribe): boolean {
  return placeOf(one) === placeOf(other);
}

const placeOf = ({ identity, kind = 'microphone' }: TrackToTranscribe): string => `${kind} ${identity}`;
