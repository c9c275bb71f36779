import type { TrackInput } from '../media/track-audio-sink.js';
import type { TrackBuffer } from './track-buffer.js';

/** One connection into a track's buffer. It goes deaf when another connection takes the track over. */
export class BufferInput implements TrackInput {
  #buffer: TrackBuffer | undefined;

  constructor(buffer: TrackBuffer) {
    this.#buffer = buffer;
  }

  write(samples: Int16Array): void {
    this.#buffer?.write(samples);
  }

  setMuted(muted: boolean): void {
    if (this.#buffer !== undefined) this.#buffer.muted = muted;
  }

  close(): void {
    this.#buffer?.finish();
    this.deafen();
  }

  /** Takes nothing any more and leaves the buffer to others. */
  deafen(): void {
    this.#buffer = undefined;
  }
}

/** Given to who asks for a track that may not send. */
export const DEAF_INPUT: TrackInput = { write() {}, setMuted() {}, close() {} };
