import type { TrackInput } from '../media/track-audio-sink.js';

/** Where a connection's samples go: the track's jitter buffer or, during a handover, the handover. */
export interface AudioDestination {
  write(samples: Int16Array): void;
  setMuted(muted: boolean): void;
  /** No more samples follow. */
  finish(): void;
}

/** The input of one connection of a track. It is detached when another connection takes the track over. */
export class ConnectionInput implements TrackInput {
  #destination: AudioDestination | undefined;
  #samplesToSkip = 0;

  constructor(destination: AudioDestination) {
    this.#destination = destination;
  }

  /** Whether its samples still go anywhere. */
  get isOpen(): boolean {
    return this.#destination !== undefined;
  }

  write(samples: Int16Array): void {
    if (this.#samplesToSkip === 0) this.#destination?.write(samples);
    else this.#writeAfterSkipping(samples);
  }

  setMuted(muted: boolean): void {
    this.#destination?.setMuted(muted);
  }

  close(): void {
    const destination = this.#destination;
    this.#destination = undefined;
    destination?.finish();
  }

  /** Further samples go to this destination, unless the input is detached or closed. */
  redirectTo(destination: AudioDestination): void {
    if (this.isOpen) this.#destination = destination;
  }

  /** Discards the next samples: another connection has delivered them. */
  skipNext(samples: number): void {
    this.#samplesToSkip = samples;
  }

  /** Discards everything from here on, without finishing the track. */
  detach(): void {
    this.#destination = undefined;
  }

  #writeAfterSkipping(samples: Int16Array): void {
    const skipped = Math.min(samples.length, this.#samplesToSkip);
    this.#samplesToSkip -= skipped;
    if (skipped < samples.length) this.#destination?.write(samples.subarray(skipped));
  }
}

/** For a track that is not admitted: ignores everything. */
export const DISCARDING_INPUT: TrackInput = { write() {}, setMuted() {}, close() {} };
