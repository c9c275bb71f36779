import type { TrackInput } from '../media/track-audio-sink.js';
import { TrackBuffer } from './track-buffer.js';
import type { TrackHistory } from './track-history.js';
import { BufferInput } from './track-input.js';

/** A track that is part of a mix: its buffer, where it is recorded, and the one connection that may write. */
export class MixedTrack {
  readonly buffer = new TrackBuffer();
  /** Of a mix with channels: the one that this track is heard in. */
  channel = 0;
  #input: BufferInput | undefined;

  constructor(
    readonly trackSid: string,
    readonly history: TrackHistory,
    /** The frame of the session in which it came into the mix. */
    readonly sinceFrame = 0,
  ) {}

  /** A new connection; the one before it goes deaf, and what it had sent is still played. */
  open(): TrackInput {
    this.#input?.deafen();
    this.buffer.reopen();
    this.#input = new BufferInput(this.buffer);
    return this.#input;
  }

  /** The track itself is gone, whatever its connection still sends. */
  close(): void {
    this.#input?.close();
  }
}
