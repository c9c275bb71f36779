/** The sound of one Gladia session, as who reads its transcripts sees it. Moments are in samples that Gladia counted. */
export interface SessionSound {
  /** The log position of a moment. */
  locate(server: number): number;
  /** A transcript tells of the sound up to this moment. */
  heard(server: number): void;
}
