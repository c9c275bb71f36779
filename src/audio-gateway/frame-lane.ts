import type { TrackInput } from '../media/track-audio-sink.js';

/** Turns what one source sends into 16 kHz mono; the returned samples are valid until the next call on any decoder. */
export interface FrameDecoder {
  decode(frame: Uint8Array): Int16Array;
  close(): void;
}

/** The way of a frame from the socket into the mix. */
export interface FrameLane {
  /** Takes a frame and tells how many 16 kHz samples long it is. */
  write(frame: Uint8Array): number;
  setMuted(muted: boolean): void;
  close(): void;
}

/** One track on the connection. */
export class TrackLane implements FrameLane {
  constructor(
    private readonly decoder: FrameDecoder,
    private readonly input: TrackInput,
  ) {}

  write(frame: Uint8Array): number {
    const samples = this.decoder.decode(frame);
    this.input.write(samples);
    return samples.length;
  }

  setMuted(muted: boolean): void {
    this.input.setMuted(muted);
  }

  close(): void {
    this.input.close();
    this.decoder.close();
  }
}
