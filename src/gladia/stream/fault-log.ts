import type { Logger } from '@nestjs/common';

/** One line for the first fault of a kind, and one for all the others at the end: a server gone mad cannot flood the log. */
export class FaultLog {
  readonly #counts = new Map<string, number>();

  constructor(private readonly logger: Pick<Logger, 'warn'>) {}

  /** @param kind one of a few fixed names, nothing that the server wrote */
  note(kind: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count === 1) this.logger.warn(`Gladia sent ${kind}`);
  }

  /** Says in one line how often what was noted more than once came. */
  total(): void {
    const often = [...this.#counts].filter(([, count]) => count > 1);
    if (often.length === 0) return;
    this.logger.warn(`Gladia sent in all ${often.map(([kind, count]) => `${kind} (${count} times)`).join(', ')}`);
  }
}
