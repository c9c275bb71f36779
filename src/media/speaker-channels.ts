/** Which speaker is heard in which channel of a mixed stream. */
export interface SpeakerChannels {
  /** Fixed for the stream. */
  readonly count: number;
  /** The tracks that were in a channel between two session times; none for a channel that does not exist. */
  tracksIn(channel: number, startMs: number, endMs: number): readonly string[];
}
