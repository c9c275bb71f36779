import type { MissingAudioQuery, MissingAudio, TrackInput } from '../media/track-audio-sink.js';
import { ConnectionInput } from './connection-input.js';
import { Handover } from './handover/handover.js';
import { JitterBuffer } from './jitter-buffer.js';
import type { TrackHistory } from './track-history.js';

/** A track in the mix: its jitter buffer, its history, and the connection that feeds it. */
export class MixedTrack {
  readonly buffer: JitterBuffer;
  /** The channel of the mix that the track is in; 0 in a mono mix. */
  channel = 0;
  #input: ConnectionInput | undefined;
  #handover: Handover | undefined;
  #missingAudio: MissingAudioQuery | undefined;

  constructor(
    readonly trackSid: string,
    readonly history: TrackHistory,
    /** The frame of the session in which the track came into the mix. */
    readonly sinceFrame = 0,
    fadeSamples = 0,
  ) {
    this.buffer = new JitterBuffer(fadeSamples);
  }

  /** Opens a new connection. One that is still open hands the track over to it. */
  open(missingAudio?: MissingAudioQuery): TrackInput {
    this.#missingAudio = missingAudio;
    const former = this.#concludeHandover();
    const input = new ConnectionInput(this.buffer);
    if (former?.isOpen === true) this.#handover = new Handover(this.buffer, former, input);
    else this.buffer.reopen();
    this.#input = input;
    return input;
  }

  /** What the newest connection should have delivered by this moment and has not. */
  missingAudio(): MissingAudio | undefined {
    return this.#missingAudio?.();
  }

  /** The track is unpublished, whatever its connections still send. */
  close(): void {
    this.#input = this.#concludeHandover();
    this.#input?.close();
  }

  /** Ends a running handover. Returns the connection that feeds the track. */
  #concludeHandover(): ConnectionInput | undefined {
    const input = this.#handover?.conclude() ?? this.#input;
    this.#handover = undefined;
    return input;
  }
}
