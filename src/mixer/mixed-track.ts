import type { MissingAudioQuery, MissingAudio, TrackInput } from '../media/track-audio-sink.js';
import { Handover } from './handover/handover.js';
import { JitterBuffer } from './jitter-buffer.js';
import type { TrackHistory } from './track-history.js';
import { ConnectionInput } from './track-input.js';

/** A track that is part of a mix: its buffer, where it is recorded, and the one connection that is heard. */
export class MixedTrack {
  readonly buffer: JitterBuffer;
  /** Of a mix with channels: the one that this track is heard in. */
  channel = 0;
  #input: ConnectionInput | undefined;
  #handOver: Handover | undefined;
  #lack: MissingAudioQuery | undefined;

  constructor(
    readonly trackSid: string,
    readonly history: TrackHistory,
    /** The frame of the session in which it came into the mix. */
    readonly sinceFrame = 0,
    fadeSamples = 0,
  ) {
    this.buffer = new JitterBuffer(fadeSamples);
  }

  /** A new connection; one that is still open hands the track over to it. */
  open(lack?: MissingAudioQuery): TrackInput {
    this.#lack = lack;
    const former = this.#concluded();
    const input = new ConnectionInput(this.buffer);
    if (former?.open === true) this.#handOver = new Handover(this.buffer, former, input);
    else this.buffer.reopen();
    this.#input = input;
    return input;
  }

  /** What the connection that was opened last should have brought by now. */
  lack(): MissingAudio | undefined {
    return this.#lack?.();
  }

  /** The track itself is gone, whatever its connections still send. */
  close(): void {
    this.#input = this.#concluded();
    this.#input?.close();
  }

  #concluded(): ConnectionInput | undefined {
    const carrier = this.#handOver?.conclude() ?? this.#input;
    this.#handOver = undefined;
    return carrier;
  }
}
