import { samplesToMs } from '../media/audio-format.js';
import type { GladiaSession, SessionOutcome } from './gladia-session.js';
import type { TranscriptReader } from './transcript-reader.js';

/** A Gladia session that is on its way, with all that reads it. */
export class RunningSession {
  readonly outcome: Promise<SessionOutcome>;
  readonly #over = new AbortController();
  readonly #begunAtMs = performance.now();
  readonly #begunAt: number;

  constructor(
    readonly session: GladiaSession,
    readonly reader: TranscriptReader,
    signal: AbortSignal,
    release: () => void,
  ) {
    this.#begunAt = session.position;
    this.outcome = session.run(AbortSignal.any([this.#over.signal, signal])).finally(release);
  }

  /** By the clock or by the sound that it got, whichever is more: nobody says what Gladia counts. */
  get ageMs(): number {
    return Math.max(performance.now() - this.#begunAtMs, samplesToMs(this.session.position - this.#begunAt));
  }

  /** Ends it, finished or not. */
  readonly abort = (): void => {
    this.#over.abort();
  };
}
