/** A place among the Gladia sessions of this process. */
export interface SessionSlot {
  /** Where its owner stands in line: who came earlier has the lower number. */
  readonly ticket: number;
  /** Gives it back. Idempotent. */
  release(): void;
}

interface Waiting {
  readonly ticket: number;
  grant(): void;
}

/** A limit that was learnt is put to the test now and then: it may have been about requests, not sessions. */
const LEARNT_FOR_MS = 30_000;

/**
 * How many Gladia sessions this process may have open at once: what it was told, or what Gladia's refusals teach. First
 * come, first served; who was refused by Gladia keeps its place in line.
 */
export class SessionSlots {
  readonly #waiting: Waiting[] = [];
  /** Tickets of those who hold a slot that Gladia has not confirmed yet. */
  readonly #trying = new Set<number>();
  #held = 0;
  #tickets = 0;
  #limit: number;
  /** Runs while Gladia wants not to be asked. */
  #pause: NodeJS.Timeout | undefined;
  #pausedUntilMs = 0;

  constructor(private readonly known: number) {
    this.#limit = known;
  }

  get isFull(): boolean {
    return this.#held >= this.#limit;
  }

  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /** Gladia wants to be left alone: nobody gets a slot to ask with before that is over. */
  waitAtLeast(ms: number): void {
    const untilMs = performance.now() + ms;
    if (untilMs <= this.#pausedUntilMs) return;
    this.#pausedUntilMs = untilMs;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#serve();
    }, ms).unref();
  }

  /** Resolves to a slot, or to `undefined` when the signal came first. */
  take(signal: AbortSignal): Promise<SessionSlot | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.#mayServe && this.#waiting.length === 0) return Promise.resolve(this.#hold((this.#tickets += 1)));
    const tryAgainMs = this.#limit < this.known ? LEARNT_FOR_MS : undefined;
    return this.#wait((this.#tickets += 1), signal, tryAgainMs);
  }

  /**
   * Gladia had no room for the one that was taken: only as many are to be had as the others hold. Its owner waits where it
   * stood in line for one of them. Every `tryAgainMs` the first in line tries once more all the same: others may have
   * ended elsewhere.
   */
  retake(refused: SessionSlot, signal: AbortSignal, tryAgainMs: number): Promise<SessionSlot | undefined> {
    if (signal.aborted) {
      refused.release();
      return Promise.resolve(undefined);
    }
    this.#limit = Math.max(1, this.#held - 1);
    this.#held -= 1;
    this.#trying.delete(refused.ticket);
    return this.#wait(refused.ticket, signal, tryAgainMs);
  }

  /** Gladia took the session: there is room for as many as are held now. */
  granted({ ticket }: SessionSlot): void {
    this.#trying.delete(ticket);
    this.#limit = Math.max(this.#limit, this.#held);
    this.#serve();
  }

  #wait(ticket: number, signal: AbortSignal, tryAgainMs?: number): Promise<SessionSlot | undefined> {
    return new Promise((resolve) => {
      const settle = (slot: SessionSlot | undefined): void => {
        clearInterval(timer);
        signal.removeEventListener('abort', leave);
        resolve(slot);
      };
      const waiting: Waiting = { ticket, grant: () => settle(this.#hold(ticket)) };
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        settle(undefined);
      };
      const timer = tryAgainMs === undefined ? undefined : setInterval(() => this.#tryFirst(), tryAgainMs);
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#waiting.sort((a, b) => a.ticket - b.ticket);
    });
  }

  get #mayServe(): boolean {
    return !this.isFull && !this.isPaused;
  }

  /** Lets the first in line try beyond the limit, unless somebody who came before is about to be answered. */
  #tryFirst(): void {
    if (this.isPaused) return;
    const ticket = this.#waiting[0]?.ticket ?? 0;
    if ([...this.#trying].some((tried) => tried < ticket)) return;
    this.#waiting.shift()?.grant();
  }

  #hold(ticket: number): SessionSlot {
    this.#held += 1;
    this.#trying.add(ticket);
    let isHeld = true;
    return {
      ticket,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#held -= 1;
        this.#trying.delete(ticket);
        this.#serve();
      },
    };
  }

  #serve(): void {
    while (this.#mayServe) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next.grant();
    }
  }
}
