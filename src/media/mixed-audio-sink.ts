import type { SpeakerChannels } from './speaker-channels.js';
import type { SpeakerTimeline } from './speaker-timeline.js';

/** The mixed stream of one session. */
export interface MixedInput {
  /**
   * Takes the next 16 kHz S16 samples of the session, mono or with interleaved channels, and copies what it keeps.
   * Frames follow one another without a gap.
   */
  write(samples: Int16Array): void;
  /** The last sample of the session was written. Idempotent. */
  close(): void;
}

export interface MixedStream {
  readonly sessionId: string;
  /** The position of the first sample on the session clock, in 16 kHz samples since the session went live. */
  readonly startSamples: number;
  /** Who spoke when, as far back as a transcript can refer. */
  readonly timeline: SpeakerTimeline;
  /** Present where speakers have channels of their own; otherwise the stream is mono. */
  readonly channels?: SpeakerChannels;
}

/** Receives the mixed audio of sessions. Provided by the transcription module, used by the mixer. */
export abstract class MixedAudioSink {
  abstract open(stream: MixedStream): MixedInput;
}
