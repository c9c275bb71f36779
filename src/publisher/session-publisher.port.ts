import type { TranscriptionStatusChanged, TranscriptSegment, TranslationReady } from '../events/domain-events.js';

/** Where the merged transcript of a session goes: through the hooks, to its number, the store, and everybody in the room. */
export abstract class SessionPublisher {
  abstract publishSegment(sessionId: string, segment: TranscriptSegment): void;
  abstract publishTranslation(translation: TranslationReady): void;
  /** `ended` is the last message that the room gets. */
  abstract publishStatus(status: TranscriptionStatusChanged): void;
}
