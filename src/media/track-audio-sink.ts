/** The input of one connection into the mix. */
export interface TrackInput {
  /**
   * Takes 16 kHz mono S16 samples, any number of them, and copies what it keeps: the caller may reuse the array.
   * Never throws, allocates nothing, ignores what comes after `close()`.
   */
  write(samples: Int16Array): void;
  /** Whether the source reports a muted microphone. Only a hint, since the report comes late. */
  setMuted(muted: boolean): void;
  /** No more audio follows; what is buffered is still played. Idempotent. */
  close(): void;
}

/** Audio that never arrived, and how long ago the last of it was due. */
export interface MissingAudio {
  readonly lostMs: number;
  readonly endedAgoMs: number;
}

/** Returns the audio that a connection should have delivered by this moment and has not. */
export type MissingAudioQuery = () => MissingAudio | undefined;

/** Whether a track may send. `unknown`: there is no such session or track. `ended`: the session is over. */
export type TrackAdmission = 'admitted' | 'unknown' | 'ended';

/** Receives the audio of tracks. Provided by the mixer, used by the audio sources. */
export abstract class TrackAudioSink {
  abstract admission(sessionId: string, trackSid: string): TrackAdmission;

  /**
   * Opens an input for a track. A second input of the same track takes over from the first, aligned by their audio. Call only
   * when the track is admitted.
   * @param missingAudio called when the track is unpublished: its connection may have been dead for a while
   */
  abstract open(sessionId: string, trackSid: string, missingAudio?: MissingAudioQuery): TrackInput;

  /** Some audio of a track was lost before it arrived here. */
  abstract reportMissing(sessionId: string, trackSid: string, missing: MissingAudio): void;
}
