import { sleep } from '../../async/sleep.js';
import type { AudioLog } from '../../audio-log/audio-log.js';
import { msToSamples, samplesToMs } from '../../media/audio-format.js';
import type { SpeechRequest } from '../../transcription/speech-to-text.js';

const STEP_SAMPLES = msToSamples(200);

/** Where in the audio log somebody speaks. Positions are those of the log. */
export class SpeechDetector {
  #checkedUntil = 0;
  #spokeUntil = 0;

  constructor(
    private readonly request: Pick<SpeechRequest, 'startSamples' | 'spokeBetween'>,
    private readonly log: Pick<AudioLog, 'end'>,
  ) {}

  /** Takes the audio since the last update into account. */
  update(): void {
    const until = this.log.end;
    if (until > this.#checkedUntil && this.#isSpeech(this.#checkedUntil, until)) this.#spokeUntil = until;
    this.#checkedUntil = until;
  }

  /** Where the last speech ended, as of the last update. */
  get spokeUntil(): number {
    return this.#spokeUntil;
  }

  /** How long nobody has spoken, as of the last update. */
  get silentMs(): number {
    return samplesToMs(this.log.end - this.#spokeUntil);
  }

  /** Whether nobody has spoken for this long. */
  isPause(ms: number): boolean {
    return !this.#isSpeech(this.log.end - msToSamples(ms), this.log.end);
  }

  /** The first speech from a position on; undefined where there is none yet. */
  firstSpeechFrom(position: number): number | undefined {
    for (let from = position; from < this.log.end; from += STEP_SAMPLES) {
      if (this.#isSpeech(from, Math.min(from + STEP_SAMPLES, this.log.end))) return from;
    }
    return undefined;
  }

  /**
   * Waits for the first speech from a position on. Resolves to undefined when there was none before the signal.
   * @param onSilence called at each check with the position up to which nobody spoke
   */
  async nextSpeech(
    position: number,
    checkEveryMs: number,
    signal: AbortSignal,
    onSilence: (until: number) => void,
  ): Promise<number | undefined> {
    for (let from = position; ;) {
      const speech = this.firstSpeechFrom(from);
      if (speech !== undefined || signal.aborted) return speech;
      from = Math.max(from, this.log.end - STEP_SAMPLES);
      onSilence(from);
      await sleep(checkEveryMs, signal);
    }
  }

  #isSpeech(from: number, until: number): boolean {
    const sessionMs = (position: number): number => samplesToMs(this.request.startSamples + Math.max(0, position));
    return this.request.spokeBetween(sessionMs(from), sessionMs(until));
  }
}
