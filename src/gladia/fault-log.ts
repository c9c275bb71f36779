import type { Logger } from '@nestjs/common';

/** One line for the first fault of a kind, the tenth, the hundredth…: a server gone mad cannot flood the log. */
export class FaultLog {
  readonly #counts = new Map<string, number>();

  constructor(private readonly logger: Pick<Logger, 'warn'>) {}

  /** @param kind one of a few fixed names, nothing that the server wrote */
  note(kind: string): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (Number.isInteger(Math.log10(count))) this.logger.warn(`Gladia sent ${kind} (${count} so far)`);
  }
}
