import { createOpusDecoder } from '../../libs/audio/opus.js';
import { createPcmDecoder } from '../../libs/audio/pcm-decoder.js';
import { StereoSplitter } from '../../libs/audio/stereo-splitter.js';
import type { TrackInput } from '../media/track-audio-sink.js';
import type { SourceFormat } from './source-format.js';

/** Turns what a source sends into 16 kHz mono samples, which are valid until the next call on any decoder. */
interface FrameDecoder {
  decode(frame: Uint8Array): Int16Array;
  close(): void;
}

/** Takes the audio frames of one connection, decodes them and passes them to the mix. */
export interface TrackStream {
  /** Returns the length of the frame, in 16 kHz samples. */
  write(frame: Uint8Array): number;
  setMuted(muted: boolean): void;
  close(): void;
}

/** Both streams of one connection with a track on each stereo channel have this format. */
const ONE_CHANNEL = { rateHz: 48_000, channels: 1 } as const;

/** @param open opens a track's input of the mix, in the order of `trackSids` */
export function openTrackStream(
  trackSids: readonly string[],
  format: SourceFormat,
  maxFrameBytes: number,
  open: (trackSid: string) => TrackInput,
): TrackStream {
  const [first = '', second] = trackSids;
  if (second === undefined) return new SingleTrackStream(decoderOf(format), open(first));
  const channel = (trackSid: string): TrackStream =>
    new SingleTrackStream(createPcmDecoder(ONE_CHANNEL), open(trackSid));
  return new PairedTrackStream(new StereoSplitter(maxFrameBytes), channel(first), channel(second));
}

function decoderOf(format: SourceFormat): FrameDecoder {
  return format.codec === 'pcm' ? createPcmDecoder(format) : createOpusDecoder();
}

class SingleTrackStream implements TrackStream {
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

/** Two tracks on one stereo connection, one on each channel. */
class PairedTrackStream implements TrackStream {
  constructor(
    private readonly splitter: StereoSplitter,
    private readonly left: TrackStream,
    private readonly right: TrackStream,
  ) {}

  write(frame: Uint8Array): number {
    this.splitter.split(frame);
    this.left.write(this.splitter.left);
    return this.right.write(this.splitter.right);
  }

  setMuted(): void {
    // Egress does not say which of the two is muted.
  }

  close(): void {
    this.left.close();
    this.right.close();
  }
}
