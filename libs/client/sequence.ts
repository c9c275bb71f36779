/** Notices what is missing among the numbers (`seq`) of a session's messages, which count up from 1 without a hole. */
export class Sequence {
  #complete = 0;
  /** The last unbroken run of numbers that came. */
  #runStart = 1;
  #highest = 0;

  /** Every message up to this number has come, or was asked for. */
  get complete(): number {
    return this.#complete;
  }

  get highest(): number {
    return this.#highest;
  }

  get hasHole(): boolean {
    return this.#complete < this.#highest;
  }

  /** A message came. */
  take(seq: number): void {
    if (seq > this.#highest + 1) this.#runStart = seq;
    if (seq > this.#highest) this.#highest = seq;
    this.completeUpTo(this.#complete);
  }

  /** Every message up to this number was asked for, and came if it was stored. */
  completeUpTo(seq: number): void {
    const complete = this.#runStart <= seq + 1 ? this.#highest : this.#complete;
    this.#complete = Math.max(complete, seq);
    this.#highest = Math.max(this.#highest, this.#complete);
  }
}
