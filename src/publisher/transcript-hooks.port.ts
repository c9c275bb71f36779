import { Injectable, Logger } from '@nestjs/common';
import type { TranscriptSegment, TranslationReady } from '../events/domain-events.js';
import { errorKind } from '../logging/error-kind.js';

/**
 * Changes or holds back what is about to be published, for instance to redact it. It runs before a message is numbered, so
 * the room, the history, every listener and every translation get the same text. Called synchronously, in the order of `add`.
 */
export interface TranscriptHook {
  /** Returns the segment as it may be published, or undefined to hold it back. Called for each revision. */
  segment(sessionId: string, segment: TranscriptSegment): TranscriptSegment | undefined;
  /**
   * Returns the translation as it may be published, or undefined to hold it back. Where this is absent, translations of
   * segments that the hook changed or held back are held back too: they still say what was redacted.
   */
  translation?(translation: TranslationReady): TranslationReady | undefined;
}

/** The hooks of this process. Extensions add theirs when they start. */
@Injectable()
export class TranscriptHooks {
  readonly #logger = new Logger(TranscriptHooks.name);
  readonly #hooks: TranscriptHook[] = [];

  add(hook: TranscriptHook): void {
    this.#hooks.push(hook);
  }

  /** The segment as all hooks leave it. One that throws holds it back: nobody knows what it would have removed. */
  segment(sessionId: string, segment: TranscriptSegment): TranscriptSegment | undefined {
    return this.#run(segment, (hook, current) => hook.segment(sessionId, current));
  }

  /** @param isChanged whether the hooks changed the segment that this is a translation of */
  translation(translation: TranslationReady, isChanged: boolean): TranslationReady | undefined {
    return this.#run(translation, (hook, current) => {
      if (hook.translation !== undefined) return hook.translation(current);
      return isChanged ? undefined : current;
    });
  }

  #run<T>(value: T, apply: (hook: TranscriptHook, current: T) => T | undefined): T | undefined {
    let current: T | undefined = value;
    for (const hook of this.#hooks) {
      if (current === undefined) return undefined;
      try {
        current = apply(hook, current);
      } catch (error) {
        this.#logger.error(`a transcript hook failed, and what it was given is held back: ${errorKind(error)}`);
        return undefined;
      }
    }
    return current;
  }
}
