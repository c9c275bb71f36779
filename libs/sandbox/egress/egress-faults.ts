/** What happens to every call of the Egress API, for as long as it is set. */
export type ApiTrouble =
  /** 500. */
  | 'failing'
  /** 503, `no response from servers`. */
  | 'unavailable'
  /** The connection breaks, and nothing was done. */
  | 'unanswered';

type Counted = 'failingStarts' | 'unavailableStarts' | 'limitedStarts' | 'lostAnswers' | 'neverDialling';

/** What shall go wrong with the next egresses. */
export class EgressFaults {
  /** Start calls that are answered 500. */
  failingStarts = 0;
  /** Start calls that are answered 503, `no response from servers`. */
  unavailableStarts = 0;
  /** Start calls that are answered 429: the account has no more. */
  limitedStarts = 0;
  /** Start calls that start an egress, and whose connection breaks before the answer. */
  lostAnswers = 0;
  /** Egresses that start and never dial. */
  neverDialling = 0;
  /** How many egresses the account may have at once; one more is answered 429. */
  accountSlots = Infinity;
  /** A server from before `StartEgress` took media: it answers `unimplemented`. */
  oldServer = false;
  api: ApiTrouble | undefined;
  /** How much longer every call takes. */
  latencyMs = 0;

  clear(): void {
    this.failingStarts = this.unavailableStarts = this.limitedStarts = this.lostAnswers = this.neverDialling = 0;
    this.accountSlots = Infinity;
    this.oldServer = false;
    this.api = undefined;
    this.latencyMs = 0;
  }

  /** Uses up one of the planned faults of that kind, if any is left. */
  take(kind: Counted): boolean {
    if (this[kind] === 0) return false;
    this[kind]--;
    return true;
  }
}
