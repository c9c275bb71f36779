/** Between two looks a second apart, sound that comes evenly is never further off: frames, timers, a busy moment. */
const EVEN_MS = 40;
/** Even for so many looks, all that a stall had held back is here. */
const EVEN_LOOKS = 5;
const LEAST_LOSS_MS = 250;
/** The clocks of both sides drift apart, and that is no loss. */
const DRIFT_PER_LOOK = 0.1;

/**
 * Finds out how much of a stream never came. Egress sends as much sound as time passes, muted or not, and what a stall held
 * back comes at once: what is still missing when sound comes evenly again was lost on its side, where its buffers end.
 */
export class MissingSound {
  #usualMs: number | undefined;
  #behindMs = 0;
  #receivedMs = 0;
  #evenLooks = 0;

  constructor(private readonly startedAtMs: number) {}

  /** Looks once a second. Returns how much has just turned out to be lost, in milliseconds; mostly 0. */
  look(receivedMs: number, nowMs: number): number {
    if (receivedMs === this.#receivedMs) return this.#standstill();
    const behindMs = nowMs - this.startedAtMs - receivedMs;
    this.#evenLooks = Math.abs(behindMs - this.#behindMs) <= EVEN_MS ? this.#evenLooks + 1 : 0;
    this.#behindMs = behindMs;
    this.#receivedMs = receivedMs;
    return this.#lostMs(behindMs);
  }

  #standstill(): number {
    this.#evenLooks = 0;
    return 0;
  }

  #lostMs(behindMs: number): number {
    const beyondMs = behindMs - (this.#usualMs ??= behindMs);
    if (Math.abs(beyondMs) < LEAST_LOSS_MS) this.#usualMs += beyondMs * DRIFT_PER_LOOK;
    else if (beyondMs < 0 || this.#evenLooks >= EVEN_LOOKS) this.#usualMs = behindMs;
    return this.#usualMs === behindMs ? Math.max(0, beyondMs) : 0;
  }
}
