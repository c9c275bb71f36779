import type { TranscriptionStatusChanged, TranscriptSegment, TranslationReady } from '../events/domain-events.js';

/** Publishes the merged transcript of a session: runs the hooks, numbers each message, stores it and sends it to the room. */
export abstract class SessionPublisher {
  abstract publishSegment(sessionId: string, segment: TranscriptSegment): void;
  abstract publishTranslation(translation: TranslationReady): void;
  /** `ended` is the last message that the room gets. */
  abstract publishStatus(status: TranscriptionStatusChanged): void;
}
