import type { TrackInput } from '../media/track-audio-sink.js';

/** Where the sound of a connection leads: to the track's buffer or, while another connection has it, to a hand-over. */
export interface AudioDestination {
  write(samples: Int16Array): void;
  setMuted(muted: boolean): void;
  /** No more comes. */
  finish(): void;
}

/** One connection of a track. It goes deaf when another connection has taken the track over. */
export class ConnectionInput implements TrackInput {
  #way: AudioDestination | undefined;
  #leftOut = 0;

  constructor(way: AudioDestination) {
    this.#way = way;
  }

  /** Whether it may still be heard. */
  get open(): boolean {
    return this.#way !== undefined;
  }

  write(samples: Int16Array): void {
    if (this.#leftOut === 0) this.#way?.write(samples);
    else this.#writeRest(samples);
  }

  setMuted(muted: boolean): void {
    this.#way?.setMuted(muted);
  }

  close(): void {
    const way = this.#way;
    this.#way = undefined;
    way?.finish();
  }

  /** From now on its sound goes there, unless it is deaf or closed already. */
  leadTo(way: AudioDestination): void {
    if (this.open) this.#way = way;
  }

  /** The next samples were heard already, on another connection. */
  leaveOut(samples: number): void {
    this.#leftOut = samples;
  }

  /** Takes nothing any more and leaves the track to others. */
  deafen(): void {
    this.#way = undefined;
  }

  #writeRest(samples: Int16Array): void {
    const heard = Math.min(samples.length, this.#leftOut);
    this.#leftOut -= heard;
    if (heard < samples.length) this.#way?.write(samples.subarray(heard));
  }
}

/** Given to who asks for a track that may not send. */
export const DISCARDING_INPUT: TrackInput = { write() {}, setMuted() {}, close() {} };
