import type { TranscriptMessage } from '../../libs/protocol/message.js';
import type { Segment } from '../merge/normalized-words.js';

/** A segment as the room was told it. */
export const publishedSegment = (message: TranscriptMessage): Segment => {
  const { segmentId, revision, final, text, language, speaker, confidence, startMs, endMs, source } = message;
  const { candidates = [], words = [] } = message;
  return { segmentId, revision, final, text, language, speaker, candidates, confidence, startMs, endMs, words, source };
};
