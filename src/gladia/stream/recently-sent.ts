/** Where in the log it began what was sent within the last so many milliseconds. */
export class RecentlySent {
  readonly #sent: { readonly atMs: number; readonly position: number }[] = [];

  constructor(private readonly forMs: number) {}

  sent(nowMs: number, position: number): void {
    this.#sent.push({ atMs: nowMs, position });
    this.#forget(nowMs);
  }

  from(nowMs: number): number | undefined {
    this.#forget(nowMs);
    return this.#sent[0]?.position;
  }

  #forget(nowMs: number): void {
    while (this.#sent[0] !== undefined && nowMs - this.#sent[0].atMs > this.forMs) this.#sent.shift();
  }
}
