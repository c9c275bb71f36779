import { samplesToMs } from '../../media/audio-format.js';
import type { GladiaSession, SessionOutcome } from './gladia-session.js';
import { sleep } from '../../async/sleep.js';
import type { GladiaSettings } from '../api/gladia-settings.js';
import type { SpeechDetector } from './speech-detector.js';
import type { TranscriptReader } from '../resume/transcript-reader.js';

/** Pauses are short, silence and age are long: only while a pause is looked for it is looked often. */
const SELDOM = 5;

/** A Gladia session that is on its way, with all that reads it. */
export class RunningSession {
  readonly outcome: Promise<SessionOutcome>;
  readonly #over = new AbortController();
  /** Aborted with the outcome: a race against that promise would leave something on it at each look. */
  readonly #hasOutcome = new AbortController();
  readonly #begunAtMs = performance.now();
  readonly #begunAt: number;

  constructor(
    readonly session: GladiaSession,
    readonly reader: TranscriptReader,
    signal: AbortSignal,
    release: () => void,
  ) {
    this.#begunAt = session.position;
    this.outcome = session.run(AbortSignal.any([this.#over.signal, signal])).finally(() => {
      release();
      this.#hasOutcome.abort();
    });
  }

  /** By the clock or by the sound that it got, whichever is more: nobody says what Gladia counts. */
  get ageMs(): number {
    return Math.max(performance.now() - this.#begunAtMs, samplesToMs(this.session.position - this.#begunAt));
  }

  /** Resolves when the session has ended, or when it is time for the next one, or for none. */
  async turn(
    speech: SpeechDetector,
    { account, timings }: GladiaSettings,
    closing: AbortSignal,
  ): Promise<SessionOutcome | 'rotate' | 'rest'> {
    const { lookEveryMs, rotateAfterMs, rotateLatestMs, pauseMs } = timings;
    const restAfterMs = account.idleReleaseMs ?? 0;
    const isOver = (): boolean => closing.aborted || this.#hasOutcome.signal.aborted;
    while (!isOver()) {
      const awaitsPause = this.ageMs >= rotateAfterMs;
      await sleep(awaitsPause ? lookEveryMs : SELDOM * lookEveryMs, this.#hasOutcome.signal);
      speech.look();
      if (isOver()) break;
      const hasAllSpeech = this.session.position >= speech.spokeUntil;
      if (restAfterMs > 0 && hasAllSpeech && speech.silentMs >= restAfterMs) return 'rest';
      if (this.ageMs >= rotateLatestMs || (this.ageMs >= rotateAfterMs && speech.isPause(pauseMs))) return 'rotate';
    }
    return this.outcome;
  }

  /** Ends it, finished or not. */
  readonly abort = (): void => {
    this.#over.abort();
  };
}
