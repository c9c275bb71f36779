/** A server that acknowledges nothing makes nobody remember more than this. */
const MAX_CHUNKS = 1_000;

/** How long the engine takes to acknowledge the audio of one connection. */
export class RoundTrip {
  /** Chunks that are not acknowledged, oldest first: how many samples were sent up to the end of each, and when. */
  readonly #chunks: { readonly endSamples: number; readonly sentAtMs: number }[] = [];
  #ms: number | undefined;

  /** Of the last chunk that was acknowledged; undefined before. */
  get ms(): number | undefined {
    return this.#ms;
  }

  /** @param sentSamples in all, on this connection */
  sent(nowMs: number, sentSamples: number): void {
    this.#chunks.push({ endSamples: sentSamples, sentAtMs: nowMs });
    if (this.#chunks.length > MAX_CHUNKS) this.#chunks.shift();
  }

  /** @param acknowledgedSamples in all, on this connection */
  acknowledged(nowMs: number, acknowledgedSamples: number): void {
    for (let oldest = this.#chunks[0]; oldest !== undefined; oldest = this.#chunks[0]) {
      if (oldest.endSamples > acknowledgedSamples) return;
      this.#ms = nowMs - oldest.sentAtMs;
      this.#chunks.shift();
    }
  }
}
