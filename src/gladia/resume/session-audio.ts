import type { ServerSpan } from './socket-timeline.js';

/** The sound of one Gladia session, as who reads its transcripts sees it. Moments are in samples that Gladia counted. */
export interface SessionAudio {
  /** The log position of a moment. */
  locate(server: number): number;
  /** Whether a word is told where the same sound was heard before, or will be where it is heard again. */
  isEmittedElsewhere(word: ServerSpan, channel?: number): boolean;
  /** A final was told that ends at this moment. */
  told(server: number, channel?: number): void;
  /** A transcript tells of the sound up to this moment. */
  heard(server: number): void;
}
