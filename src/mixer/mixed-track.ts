import type { Lack, MissingSound, TrackInput } from '../media/track-audio-sink.js';
import { HandOver } from './handover/hand-over.js';
import { TrackBuffer } from './track-buffer.js';
import type { TrackHistory } from './track-history.js';
import { WayInput } from './track-input.js';

/** A track that is part of a mix: its buffer, where it is recorded, and the one connection that is heard. */
export class MixedTrack {
  readonly buffer: TrackBuffer;
  /** Of a mix with channels: the one that this track is heard in. */
  channel = 0;
  #input: WayInput | undefined;
  #handOver: HandOver | undefined;
  #lack: Lack | undefined;

  constructor(
    readonly trackSid: string,
    readonly history: TrackHistory,
    /** The frame of the session in which it came into the mix. */
    readonly sinceFrame = 0,
    fadeSamples = 0,
  ) {
    this.buffer = new TrackBuffer(fadeSamples);
  }

  /** A new connection; one that is still open hands the track over to it. */
  open(lack?: Lack): TrackInput {
    this.#lack = lack;
    const former = this.#concluded();
    const input = new WayInput(this.buffer);
    if (former?.open === true) this.#handOver = new HandOver(this.buffer, former, input);
    else this.buffer.reopen();
    this.#input = input;
    return input;
  }

  /** What the connection that was opened last should have brought by now. */
  lack(): MissingSound | undefined {
    return this.#lack?.();
  }

  /** The track itself is gone, whatever its connections still send. */
  close(): void {
    this.#input = this.#concluded();
    this.#input?.close();
  }

  #concluded(): WayInput | undefined {
    const carrier = this.#handOver?.conclude() ?? this.#input;
    this.#handOver = undefined;
    return carrier;
  }
}
