import type { MissingAudio } from '../media/track-audio-sink.js';

/** Between two looks a second apart, sound that comes evenly is never further off: frames, timers, a busy moment. */
const EVEN_MS = 40;
/** Even for so many looks, all that a stall had held back is here. */
const EVEN_LOOKS = 5;
const LEAST_LOSS_MS = 250;
/** The clocks of both sides drift apart, and that is no loss. */
const DRIFT_PER_LOOK = 0.1;

/**
 * Finds out how much of a stream never came. Egress sends as much sound as time passes, muted or not, and what a stall held
 * back comes at once: what is still missing when sound comes evenly again was lost on its side, when its buffers were full,
 * that is at the end of the stall.
 */
export class MissingSoundWatch {
  #usualMs: number | undefined;
  #behindMs = 0;
  #receivedMs = 0;
  #evenLooks = 0;
  #stalledUntilMs: number;

  constructor(private readonly startedAtMs: number) {
    this.#stalledUntilMs = startedAtMs;
  }

  /** Looks once a second. Returns what has just turned out to be lost. */
  look(receivedMs: number, nowMs: number): MissingAudio | undefined {
    const behindMs = nowMs - this.startedAtMs - receivedMs;
    const moreBehindMs = behindMs - this.#behindMs;
    const isStandstill = receivedMs === this.#receivedMs;
    if (moreBehindMs > EVEN_MS) this.#stalledUntilMs = nowMs;
    this.#evenLooks = Math.abs(moreBehindMs) <= EVEN_MS ? this.#evenLooks + 1 : 0;
    this.#behindMs = behindMs;
    this.#receivedMs = receivedMs;
    const lostMs = isStandstill ? 0 : this.#lostMs(behindMs);
    return lostMs === 0 ? undefined : { lostMs, endedAgoMs: nowMs - this.#stalledUntilMs };
  }

  /** How much less has come by now than used to have at this time; all of it, where nothing ever came. */
  lackMs(receivedMs: number, nowMs: number): number {
    const behindMs = nowMs - this.startedAtMs - receivedMs;
    return Math.max(0, behindMs - (this.#usualMs ?? 0));
  }

  #lostMs(behindMs: number): number {
    const beyondMs = behindMs - (this.#usualMs ??= behindMs);
    if (Math.abs(beyondMs) < LEAST_LOSS_MS) this.#usualMs += beyondMs * DRIFT_PER_LOOK;
    else if (beyondMs < 0 || this.#evenLooks >= EVEN_LOOKS) this.#usualMs = behindMs;
    return this.#usualMs === behindMs ? Math.max(0, beyondMs) : 0;
  }
}
