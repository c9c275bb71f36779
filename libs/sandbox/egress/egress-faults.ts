/** What shall go wrong with the next egresses. */
export class EgressFaults {
  /** Start calls that are answered 500. */
  failingStarts = 0;
  /** Start calls that are answered 503, `no response from servers`. */
  unavailableStarts = 0;
  /** Egresses that start and never dial. */
  neverDialling = 0;

  clear(): void {
    this.failingStarts = this.unavailableStarts = this.neverDialling = 0;
  }

  /** Uses up one of the planned faults of that kind, if any is left. */
  take(kind: 'failingStarts' | 'unavailableStarts' | 'neverDialling'): boolean {
    if (this[kind] === 0) return false;
    this[kind]--;
    return true;
  }
}
