import { msToSamples, samplesToMs } from '../../media/audio-format.js';
import { sleep } from '../../async/sleep.js';
import type { AudioLog } from '../../audio-log/audio-log.js';
import type { SpeechRequest } from '../../transcription/speech-to-text.js';

const STEP_SAMPLES = msToSamples(200);

/** Whether anybody speaks, counted in samples of the audio log. */
export class SpeechDetector {
  #lookedUntil = 0;
  #spokeUntil = 0;

  constructor(
    private readonly request: Pick<SpeechRequest, 'startSamples' | 'spokeBetween'>,
    private readonly log: Pick<AudioLog, 'end'>,
  ) {}

  /** Looks at what came since the last look. */
  look(): void {
    const until = this.log.end;
    if (until > this.#lookedUntil && this.#spoke(this.#lookedUntil, until)) this.#spokeUntil = until;
    this.#lookedUntil = until;
  }

  /** The sample after the last that may be speech, as of the last look. */
  get spokeUntil(): number {
    return this.#spokeUntil;
  }

  /** How long nobody has spoken, as of the last look. */
  get silentMs(): number {
    return samplesToMs(this.log.end - this.#spokeUntil);
  }

  isPause(ms: number): boolean {
    return !this.#spoke(this.log.end - msToSamples(ms), this.log.end);
  }

  /** Where somebody first speaks, from a sample on. */
  firstSince(sample: number): number | undefined {
    for (let from = sample; from < this.log.end; from += STEP_SAMPLES) {
      if (this.#spoke(from, Math.min(from + STEP_SAMPLES, this.log.end))) return from;
    }
    return undefined;
  }

  /**
   * Resolves to where somebody speaks, from a sample on; to undefined when nobody did before the signal.
   * @param onSilence told again and again until where nobody did
   */
  async begins(
    sample: number,
    lookEveryMs: number,
    signal: AbortSignal,
    onSilence: (until: number) => void,
  ): Promise<number | undefined> {
    for (let from = sample; ;) {
      const speech = this.firstSince(from);
      if (speech !== undefined || signal.aborted) return speech;
      from = Math.max(from, this.log.end - STEP_SAMPLES);
      onSilence(from);
      await sleep(lookEveryMs, signal);
    }
  }

  #spoke(from: number, until: number): boolean {
    const ms = (sample: number): number => samplesToMs(this.request.startSamples + Math.max(0, sample));
    return this.request.spokeBetween(ms(from), ms(until));
  }
}
