/** A stretch of the session in which a track was not heard by anybody. */
export interface CoverageGap {
  readonly startMs: number;
  readonly endMs: number;
}

/** A new track is heard 0.4 to 1.4 s after it was found; only what takes longer is worth a message to the room. */
const START_MS = 1_500;
/** Of a track that was heard before: what was on its way when it was lost is lost too, so that even the shortest counts. */
const NOTABLE_MS = 1;
/** That a track is gone is known so late: its source knows it at once, and then the room is looked at. */
const NOTICED_MS = 3_000;

/**
 * When nobody heard a track, from the moment in which it was published. What was said then is unknown, so all of it counts.
 * Times are those of the session clock.
 */
export class CoverageTracker {
  readonly #hearers = new Set<object>();
  #sinceMs: number | undefined;
  #wasHeard = false;

  constructor(
    private readonly nowMs: () => number,
    private readonly tell: (unheard: CoverageGap) => void,
  ) {
    this.#sinceMs = nowMs();
  }

  get receiving(): boolean {
    return this.#hearers.size > 0;
  }

  /** Whether it was never heard, nor takes the place of one that was. */
  get isNew(): boolean {
    return !this.#wasHeard;
  }

  startedBy(hearer: object): void {
    this.#hearers.add(hearer);
    this.#end();
    this.#wasHeard = true;
  }

  stoppedBy(hearer: object): void {
    if (this.#hearers.delete(hearer) && this.#hearers.size === 0) this.#sinceMs = this.nowMs();
  }

  /** It takes the place of a track whose person is not heard since then, so that this is no mere start. */
  continueFrom(sinceMs: number): void {
    if (this.#wasHeard) return;
    this.#wasHeard = true;
    this.#sinceMs = Math.min(this.#sinceMs ?? sinceMs, sinceMs);
  }

  /**
   * @param isGone whether the track itself is gone, which its source noticed first; else the session is over
   * @returns since when its person is not heard, less what was told of it; undefined for one of whom nothing is known
   */
  close(isGone: boolean): number | undefined {
    const sinceMs = this.#sinceMs;
    const isTold = this.#end(isGone ? NOTICED_MS : 0);
    if (isTold || this.receiving) return this.nowMs();
    return this.#wasHeard ? sinceMs : undefined;
  }

  /** Whether there was something to tell. */
  #end(leastMs = 0): boolean {
    const startMs = this.#sinceMs;
    if (startMs === undefined) return false;
    this.#sinceMs = undefined;
    const endMs = this.nowMs();
    const notableMs = Math.max(leastMs, this.#wasHeard ? NOTABLE_MS : START_MS);
    const isNotable = endMs - startMs >= notableMs;
    if (isNotable) this.tell({ startMs, endMs });
    return isNotable;
  }
}
