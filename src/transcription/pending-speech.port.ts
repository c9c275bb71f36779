import { Injectable } from '@nestjs/common';

/** Since when, on the session clock, something was said that is not in words yet; undefined where all is. */
type DueSinceMs = (sessionId: string) => number | undefined;

/** What sessions still wait for. Said by the speech-to-text side, for who has to know what a crash would lose. */
@Injectable()
export class PendingSpeech {
  #sinceMs: DueSinceMs = () => undefined;

  provide(sinceMs: DueSinceMs): void {
    this.#sinceMs = sinceMs;
  }

  sinceMs(sessionId: string): number | undefined {
    return this.#sinceMs(sessionId);
  }
}
