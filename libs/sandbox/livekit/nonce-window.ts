const REMEMBERED = 1024;

/** The nonces of the last packets: a packet that comes twice is delivered once. */
export class NonceWindow {
  readonly #seen = new Set<string>();

  /** Remembers `nonce` and tells whether it is new. */
  admit(nonce: string): boolean {
    if (this.#seen.has(nonce)) return false;
    this.#seen.add(nonce);
    const [oldest] = this.#seen;
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    return true;
  }
}
