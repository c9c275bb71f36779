import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TranscriptionStatusChanged, type TranscriptionStatus } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';

/**
 * Why a session is worse than it should be. `speech-to-text`: nothing that is said becomes words now. The others concern
 * tracks that are not heard, each of which says so in its own state.
 */
export type ProblemCause = 'speech-to-text' | 'egress-api' | 'no-source';

/**
 * What is wrong in each session now, whoever found it. The room hears `degraded` for each cause, `recovered` when the last
 * one is over, and while one is left it is the last that was said.
 */
@Injectable()
export class SessionProblems implements OnModuleInit {
  /** By session, what the room is told of each cause, the latest last. */
  readonly #sessions = new Map<string, Map<ProblemCause, string>>();

  constructor(private readonly events: EventBus) {}

  onModuleInit(): void {
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#sessions.delete(sessionId);
    });
  }

  has(sessionId: string, cause: ProblemCause): boolean {
    return this.#sessions.get(sessionId)?.has(cause) === true;
  }

  /** It has begun, or there is something else to say of it. */
  begin(sessionId: string, cause: ProblemCause, sentence: string): void {
    const sentences = this.#sessions.get(sessionId) ?? new Map<ProblemCause, string>();
    if (sentences.get(cause) === sentence) return;
    sentences.delete(cause);
    this.#sessions.set(sessionId, sentences.set(cause, sentence));
    this.#tell(sessionId, 'degraded', sentence);
  }

  /** It is over, if it ever began. @param sentence for when all is well again */
  end(sessionId: string, cause: ProblemCause, sentence: string): void {
    const former = this.#latest(sessionId);
    if (this.#sessions.get(sessionId)?.delete(cause) !== true) return;
    const left = this.#latest(sessionId);
    if (left === undefined) this.#tell(sessionId, 'recovered', sentence);
    else if (left !== former) this.#tell(sessionId, 'degraded', left);
  }

  /** The session's speech is put into words for the first time. What else is wrong is said once more after it. */
  started(sessionId: string, sentence: string): void {
    this.#sessions.get(sessionId)?.delete('speech-to-text');
    this.#tell(sessionId, 'live', sentence);
    const left = this.#latest(sessionId);
    if (left !== undefined) this.#tell(sessionId, 'degraded', left);
  }

  #latest(sessionId: string): string | undefined {
    return [...(this.#sessions.get(sessionId)?.values() ?? [])].at(-1);
  }

  #tell(sessionId: string, status: TranscriptionStatus, sentence: string): void {
    this.events.publish(new TranscriptionStatusChanged(sessionId, status, sentence));
  }
}
