import { Allowance } from './allowance.js';

export interface FailureLimits {
  /** How many an address may have at once. */
  readonly atOnce: number;
  /** How many more it gets each second. */
  readonly perSecond: number;
  /** How many addresses are remembered; the one that was quiet for the longest is forgotten first. */
  readonly addresses: number;
}

const LIMITS: FailureLimits = { atOnce: 200, perSecond: 5, addresses: 4_096 };

/**
 * Who fails to prove itself too often. Asked only after a token was found bad, so that it cannot lock out anybody who has a
 * good one, not even behind the address that guesses.
 */
export class FailedHandshakes {
  /** The one that was quiet for the longest comes first. */
  readonly #allowances = new Map<string, Allowance>();

  constructor(private readonly limits: FailureLimits = LIMITS) {}

  /** How many addresses are remembered. */
  get addresses(): number {
    return this.#allowances.size;
  }

  /** Counts one; true while the address is within its limit and shall be told why it is refused. */
  count(address: string, nowMs: number): boolean {
    const { atOnce, perSecond, addresses } = this.limits;
    const allowance = this.#allowances.get(address) ?? new Allowance(atOnce, perSecond, nowMs);
    this.#allowances.delete(address);
    this.#allowances.set(address, allowance);
    if (this.#allowances.size > addresses) this.#forgetQuietest();
    return allowance.take(1, nowMs);
  }

  #forgetQuietest(): void {
    const [quietest] = this.#allowances.keys();
    if (quietest !== undefined) this.#allowances.delete(quietest);
  }
}
