import type { SpeakerChannels } from './speaker-channels.js';
import type { SpeakerTimeline } from './speaker-timeline.js';

/** The mixed stream of one session. */
export interface MixedInput {
  /**
   * Takes the next 16 kHz S16 samples of the session and copies what it keeps; mono, or those of all channels in turn.
   * Frames follow without a hole.
   */
  write(samples: Int16Array): void;
  /** The session's last sample was written. Idempotent. */
  close(): void;
}

export interface MixedStream {
  readonly sessionId: string;
  /** Where on the session clock the first sample lies, in 16 kHz samples since the session went live. */
  readonly startSamples: number;
  /** Who spoke when, for as long back as a transcript may still refer to. */
  readonly timeline: SpeakerTimeline;
  /** Where speakers have channels of their own. Without it the stream is mono. */
  readonly channels?: SpeakerChannels;
}

/** Where the mixed sound of a session goes. Provided by the speech-to-text side, used by the mixer. */
export abstract class MixedAudioSink {
  abstract open(stream: MixedStream): MixedInput;
}
