import type { MissingAudio } from '../media/track-audio-sink.js';

/** Between two checks a second apart, audio that arrives evenly is off by less: frames, timers, a busy moment. */
const EVEN_MS = 40;
/** Once audio has arrived evenly for so many checks, all that a stall had held back is here. */
const EVEN_CHECKS = 5;
const LEAST_LOSS_MS = 250;
/** The clocks of both sides drift apart, which is no loss: the usual delay follows by this share at each check. */
const DRIFT_PER_CHECK = 0.1;

/**
 * Finds out how much of a stream never arrived. Egress sends as much audio as time passes, muted or not, and what a stall
 * held back arrives at once. What is still missing when audio arrives evenly again was lost on Egress's side, whose
 * buffers were full: at the end of the stall.
 */
export class MissingAudioDetector {
  /** How far the stream is usually behind the time since it opened. */
  #usualMs: number | undefined;
  #behindMs = 0;
  #receivedMs = 0;
  #evenChecks = 0;
  #stalledUntilMs: number;

  constructor(private readonly openedAtMs: number) {
    this.#stalledUntilMs = openedAtMs;
  }

  /** To be called once a second. Returns what this check has found to be lost. */
  check(receivedMs: number, nowMs: number): MissingAudio | undefined {
    const behindMs = nowMs - this.openedAtMs - receivedMs;
    const moreBehindMs = behindMs - this.#behindMs;
    const isStandstill = receivedMs === this.#receivedMs;
    if (moreBehindMs > EVEN_MS) this.#stalledUntilMs = nowMs;
    this.#evenChecks = Math.abs(moreBehindMs) <= EVEN_MS ? this.#evenChecks + 1 : 0;
    this.#behindMs = behindMs;
    this.#receivedMs = receivedMs;
    const lostMs = isStandstill ? 0 : this.#lostMs(behindMs);
    return lostMs === 0 ? undefined : { lostMs, endedAgoMs: nowMs - this.#stalledUntilMs };
  }

  /** How much more than usual is missing at this time; all audio since the stream opened, where none ever arrived. */
  missingMs(receivedMs: number, nowMs: number): number {
    const behindMs = nowMs - this.openedAtMs - receivedMs;
    return Math.max(0, behindMs - (this.#usualMs ?? 0));
  }

  #lostMs(behindMs: number): number {
    const beyondMs = behindMs - (this.#usualMs ??= behindMs);
    if (Math.abs(beyondMs) < LEAST_LOSS_MS) this.#usualMs += beyondMs * DRIFT_PER_CHECK;
    else if (beyondMs < 0 || this.#evenChecks >= EVEN_CHECKS) this.#usualMs = behindMs;
    return this.#usualMs === behindMs ? Math.max(0, beyondMs) : 0;
  }
}
