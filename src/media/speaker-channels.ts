/** Which tracks are in which channel of a mixed stream. */
export interface SpeakerChannels {
  /** How many channels the stream has; never changes. */
  readonly count: number;
  /** The SIDs of the tracks in a channel between two session times; none for a channel that does not exist. */
  tracksIn(channel: number, startMs: number, endMs: number): readonly string[];
}
