/** One connection's way into the mix. */
export interface TrackInput {
  /**
   * Takes 16 kHz mono S16 samples, any number of them, and copies what it keeps: the caller may reuse the array.
   * Never throws, allocates nothing, ignores what comes after `close()`.
   */
  write(samples: Int16Array): void;
  /** What the source says of its microphone. A hint: it comes late, and sound decides. */
  setMuted(muted: boolean): void;
  /** No more will come; what is buffered is still played. Idempotent. */
  close(): void;
}

/** Sound that never came, and how long ago the last of it should have. */
export interface MissingAudio {
  readonly lostMs: number;
  readonly endedAgoMs: number;
}

/** What of a connection's sound should be here by now and is not. */
export type MissingAudioQuery = () => MissingAudio | undefined;

/** Whether a track may send: the session is live, was never heard of (or has no such track), or is over. */
export type TrackAdmission = 'admitted' | 'unknown' | 'ended';

/** Where the sound of a track goes. Provided by the mixer, used by whatever receives sound. */
export abstract class TrackAudioSink {
  abstract admission(sessionId: string, trackSid: string): TrackAdmission;

  /**
   * A second input for the same track takes over from the first where their sound meets. Call only when admitted.
   * @param lack asked when the track is gone: its connection may have been dead for a while, and nobody will look again
   */
  abstract open(sessionId: string, trackSid: string, lack?: MissingAudioQuery): TrackInput;

  /** Some of a track's sound was lost before it came here. */
  abstract reportMissing(sessionId: string, trackSid: string, missing: MissingAudio): void;
}
