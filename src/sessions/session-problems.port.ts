import { Injectable, type OnModuleInit } from '@nestjs/common';
import { TranscriptionStatusChanged, type TranscriptionStatus } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';

/**
 * Why a session is degraded. `speech-to-text`: no speech is transcribed now. `egress-api` and `no-source` concern tracks that
 * are not received, as the state of each track shows. `foreign-egress`: another service receives the room's sound, too.
 * `encrypted`: tracks are encrypted end to end, so that the server receives noise.
 */
export type ProblemCause = 'speech-to-text' | 'egress-api' | 'no-source' | 'foreign-egress' | 'encrypted';

/** The `code` of the status message for each cause. */
const CODES: Readonly<Record<ProblemCause, string>> = {
  'speech-to-text': 'engine_away',
  'egress-api': 'egress_away',
  'no-source': 'no_source',
  'foreign-egress': 'foreign_egress',
  encrypted: 'encrypted',
};

/**
 * The current problems of each session. The room gets the status `degraded` for each cause and `recovered` when the last
 * one has ended; while one is left, it is the last that was published.
 */
@Injectable()
export class SessionProblems implements OnModuleInit {
  /** By session, the sentence published for each cause, the latest last. */
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

  /** A problem has begun, or its sentence has changed. */
  begin(sessionId: string, cause: ProblemCause, sentence: string): void {
    const sentences = this.#sessions.get(sessionId) ?? new Map<ProblemCause, string>();
    if (sentences.get(cause) === sentence) return;
    sentences.delete(cause);
    this.#sessions.set(sessionId, sentences.set(cause, sentence));
    this.#publish(sessionId, 'degraded', sentence, cause);
  }

  /** A problem has ended; does nothing where it never began. @param sentence published when it was the last one */
  end(sessionId: string, cause: ProblemCause, sentence: string): void {
    const former = this.#latest(sessionId);
    if (this.#sessions.get(sessionId)?.delete(cause) !== true) return;
    const left = this.#latest(sessionId);
    if (left === undefined) this.#publish(sessionId, 'recovered', sentence);
    else if (left.cause !== former?.cause) this.#publish(sessionId, 'degraded', left.sentence, left.cause);
  }

  /** The session is transcribed for the first time. A problem that is left is published again after that. */
  started(sessionId: string, sentence: string): void {
    this.#sessions.get(sessionId)?.delete('speech-to-text');
    this.#publish(sessionId, 'live', sentence);
    const left = this.#latest(sessionId);
    if (left !== undefined) this.#publish(sessionId, 'degraded', left.sentence, left.cause);
  }

  #latest(sessionId: string): { readonly cause: ProblemCause; readonly sentence: string } | undefined {
    const last = [...(this.#sessions.get(sessionId) ?? [])].at(-1);
    return last && { cause: last[0], sentence: last[1] };
  }

  #publish(sessionId: string, status: TranscriptionStatus, sentence: string, cause?: ProblemCause): void {
    const code = cause === undefined ? status : CODES[cause];
    this.events.publish(new TranscriptionStatusChanged(sessionId, status, sentence, undefined, code));
  }
}
