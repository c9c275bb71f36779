import type { SpeechRequest } from './speech-to-text.js';

const STEP_MS = 250;
/** Voice activity goes on a little after the last word. */
const TRAILING_MS = 500;
/** Shorter pauses count as speech. */
const PAUSE_MS = 2_000;
/** Audio that the engine received this long ago will not be transcribed: it was noise, or not understood. */
const TRANSCRIBED_WITHIN_MS = 30_000;

interface Stretch {
  readonly startMs: number;
  endMs: number;
}

/**
 * Tracks the speech of one session that is pending: received, but not yet published as words, nor reported as a gap.
 * Silence is never pending, and noise stops being so after a while. Times are session times.
 */
export class PendingSpeechTracker {
  #stretches: Stretch[] = [];
  #scannedUntilMs: number;
  #resolvedUntilMs = -Infinity;

  constructor(
    startMs: number,
    private readonly spokeBetween: SpeechRequest['spokeBetween'],
  ) {
    this.#scannedUntilMs = startMs;
  }

  /** Words, or a gap, were published up to this time. */
  resolvedUntil(untilMs: number): void {
    this.#resolvedUntilMs = Math.max(this.#resolvedUntilMs, untilMs);
  }

  /**
   * Where pending speech begins; undefined where there is none. To be called about once a second.
   * @param receivedUntilMs up to when audio was received
   * @param backlogMs how much of it the engine has not received yet
   */
  sinceMs(receivedUntilMs: number, backlogMs: number): number | undefined {
    this.#scan(receivedUntilMs);
    const fromMs = Math.max(this.#resolvedUntilMs + TRAILING_MS, receivedUntilMs - backlogMs - TRANSCRIBED_WITHIN_MS);
    this.#stretches = this.#stretches.filter(({ endMs }) => endMs > fromMs);
    const [first] = this.#stretches;
    return first && Math.max(first.startMs, fromMs);
  }

  #scan(untilMs: number): void {
    for (let startMs = this.#scannedUntilMs; startMs + STEP_MS <= untilMs; startMs += STEP_MS) {
      const endMs = startMs + STEP_MS;
      this.#scannedUntilMs = endMs;
      if (this.spokeBetween(startMs, endMs)) this.#append(startMs, endMs);
    }
  }

  #append(startMs: number, endMs: number): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined && startMs - last.endMs < PAUSE_MS) last.endMs = endMs;
    else this.#stretches.push({ startMs, endMs });
  }
}
