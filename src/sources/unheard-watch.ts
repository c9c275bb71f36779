/** A stretch of the session in which a track was not heard by anybody. */
export interface Unheard {
  readonly startMs: number;
  readonly endMs: number;
}

/** An egress needs up to so long from its start to its socket; that is no gap yet. */
const START_MS = 5_000;
/** Of a track that was heard before. Shorter ones are within what a reader takes for a pause. */
const NOTABLE_MS = 500;

/**
 * When nobody heard a track, from the moment in which it was published. What was said then is unknown, so all of it counts.
 * Times are those of the session clock.
 */
export class UnheardWatch {
  readonly #hearers = new Set<object>();
  #sinceMs: number | undefined;
  #wasHeard = false;

  constructor(
    private readonly nowMs: () => number,
    private readonly tell: (unheard: Unheard) => void,
  ) {
    this.#sinceMs = nowMs();
  }

  get heard(): boolean {
    return this.#hearers.size > 0;
  }

  heardBy(hearer: object): void {
    this.#hearers.add(hearer);
    this.#end();
    this.#wasHeard = true;
  }

  leftBy(hearer: object): void {
    if (this.#hearers.delete(hearer) && this.#hearers.size === 0) this.#sinceMs = this.nowMs();
  }

  /** The track is gone, or the session over. */
  close(): void {
    this.#end();
  }

  #end(): void {
    const startMs = this.#sinceMs;
    if (startMs === undefined) return;
    this.#sinceMs = undefined;
    const endMs = this.nowMs();
    if (endMs - startMs >= (this.#wasHeard ? NOTABLE_MS : START_MS)) this.tell({ startMs, endMs });
  }
}
