import { sleep } from '../../async/sleep.js';
import { samplesToMs } from '../../media/audio-format.js';
import type { GladiaSettings } from '../api/gladia-settings.js';
import type { TranscriptReader } from '../resume/transcript-reader.js';
import type { GladiaSession, SessionOutcome } from './gladia-session.js';
import type { SpeechDetector } from './speech-detector.js';

/** While no pause is awaited, a session is checked this much less often. */
const SELDOM = 5;

/** A Gladia session that was started, with the reader of its messages. */
export class RunningSession {
  readonly outcome: Promise<SessionOutcome>;
  readonly #abort = new AbortController();
  /** Aborted with the outcome: racing against that promise would add a listener to it at each check. */
  readonly #hasOutcome = new AbortController();
  readonly #startedAtMs = performance.now();
  readonly #startPosition: number;

  /** @param release called when the session has ended */
  constructor(
    readonly session: GladiaSession,
    readonly reader: TranscriptReader,
    signal: AbortSignal,
    release: () => void,
  ) {
    this.#startPosition = session.position;
    this.outcome = session.run(AbortSignal.any([this.#abort.signal, signal])).finally(() => {
      release();
      this.#hasOutcome.abort();
    });
  }

  /** By the clock or by the audio that it got, whichever is more: Gladia does not document which one it counts. */
  get ageMs(): number {
    return Math.max(performance.now() - this.#startedAtMs, samplesToMs(this.session.position - this.#startPosition));
  }

  /**
   * Resolves when the session has ended, with its outcome; or when it is time for the next session (`rotate`), or for none
   * because nobody speaks (`idle`).
   */
  async untilChange(
    speech: SpeechDetector,
    { account, timings }: GladiaSettings,
    closing: AbortSignal,
  ): Promise<SessionOutcome | 'rotate' | 'idle'> {
    const { checkEveryMs, rotateAfterMs, rotateLatestMs, pauseMs } = timings;
    const idleAfterMs = account.idleReleaseMs ?? 0;
    const isOver = (): boolean => closing.aborted || this.#hasOutcome.signal.aborted;
    while (!isOver()) {
      const awaitsPause = this.ageMs >= rotateAfterMs;
      await sleep(awaitsPause ? checkEveryMs : SELDOM * checkEveryMs, this.#hasOutcome.signal);
      speech.update();
      if (isOver()) break;
      const hasAllSpeech = this.session.position >= speech.spokeUntil;
      if (idleAfterMs > 0 && hasAllSpeech && speech.silentMs >= idleAfterMs) return 'idle';
      if (this.ageMs >= rotateLatestMs || (this.ageMs >= rotateAfterMs && speech.isPause(pauseMs))) return 'rotate';
    }
    return this.outcome;
  }

  /** Stops the session at a log position. Resolves when it has ended, or was aborted after the timeout. */
  async finish(position: number, timeoutMs: number): Promise<void> {
    this.session.stop(position);
    const deadline = setTimeout(() => this.#abort.abort(), timeoutMs);
    await this.outcome;
    clearTimeout(deadline);
  }
}
