import type { SpeechRequest } from './speech-to-text.js';

const STEP_MS = 250;
/** What is taken for speech goes on a little behind the last word. */
const TRAIL_MS = 500;
/** Shorter pauses count as speech. */
const PAUSE_MS = 2_000;
/** Of what the engine has had for so long no words come any more: it was a noise, or not understood. */
const ANSWERED_WITHIN_MS = 30_000;

interface Stretch {
  readonly startMs: number;
  endMs: number;
}

/**
 * What was said in a session and has not come back as words, for as long as it still may. Silence waits for nothing, and so
 * does a noise after a while. Times are those of the session clock.
 */
export class PendingSpeechTracker {
  #stretches: Stretch[] = [];
  #lookedUntilMs: number;
  #toldUntilMs = -Infinity;

  constructor(
    startMs: number,
    private readonly spokeBetween: SpeechRequest['spokeBetween'],
  ) {
    this.#lookedUntilMs = startMs;
  }

  /** Up to there words were told, or that they are missing. */
  resolvedUntil(untilMs: number): void {
    this.#toldUntilMs = Math.max(this.#toldUntilMs, untilMs);
  }

  /**
   * Where it begins; undefined where all is in words. To be asked about once a second.
   * @param heardUntilMs how far the session's sound has come
   * @param backlogMs how much of that the engine has not had yet
   */
  sinceMs(heardUntilMs: number, backlogMs: number): number | undefined {
    this.#look(heardUntilMs);
    const fromMs = Math.max(this.#toldUntilMs + TRAIL_MS, heardUntilMs - backlogMs - ANSWERED_WITHIN_MS);
    this.#stretches = this.#stretches.filter(({ endMs }) => endMs > fromMs);
    const [first] = this.#stretches;
    return first && Math.max(first.startMs, fromMs);
  }

  #look(untilMs: number): void {
    for (let startMs = this.#lookedUntilMs; startMs + STEP_MS <= untilMs; startMs += STEP_MS) {
      const endMs = startMs + STEP_MS;
      this.#lookedUntilMs = endMs;
      if (this.spokeBetween(startMs, endMs)) this.#add(startMs, endMs);
    }
  }

  #add(startMs: number, endMs: number): void {
    const last = this.#stretches.at(-1);
    if (last !== undefined && startMs - last.endMs < PAUSE_MS) last.endMs = endMs;
    else this.#stretches.push({ startMs, endMs });
  }
}
