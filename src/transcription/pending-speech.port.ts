import { Injectable } from '@nestjs/common';

/** The session time since when speech is pending; undefined where none is. */
type PendingSinceMs = (sessionId: string) => number | undefined;

/**
 * Speech that was received and is not transcribed yet: what a crash would lose. Provided by the transcription, for the
 * modules that recover sessions.
 */
@Injectable()
export class PendingSpeech {
  #sinceMs: PendingSinceMs = () => undefined;

  provide(sinceMs: PendingSinceMs): void {
    this.#sinceMs = sinceMs;
  }

  sinceMs(sessionId: string): number | undefined {
    return this.#sinceMs(sessionId);
  }
}
