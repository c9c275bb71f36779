import type { TranscriptSegment } from '../events/domain-events.js';

/**
 * What became of a segment that a browser made. `held`: kept back while the server transcribes the same speaker;
 * `repeated`: the server has published these words; `published`: the room has it.
 */
export type SegmentOutcome = 'published' | 'held' | 'repeated';

/** Adds segments made in browsers to a session's transcript. Provided by the merger. */
export abstract class ClientSegments {
  /** What became of the latest revision; undefined for a segment that is not known. */
  abstract outcomeOf(sessionId: string, segmentId: string): SegmentOutcome | undefined;

  /** The latest revision that was received. */
  abstract latest(sessionId: string, segmentId: string): TranscriptSegment | undefined;

  /** Whether a revision is new: a final never changes, and no revision counts twice. */
  abstract isNew(sessionId: string, segmentId: string, revision: number | undefined): boolean;

  /**
   * Adds a revision, and publishes what is ready.
   * @param isCovered whether the server transcribes this speaker now, so that its own words are on their way
   */
  abstract add(sessionId: string, segment: TranscriptSegment, isCovered: boolean): SegmentOutcome;
}
