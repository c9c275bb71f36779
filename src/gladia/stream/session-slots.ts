import { WaitQueue } from '../../async/wait-queue.js';

/** A place among the Gladia sessions of this process. */
export interface SessionSlot {
  /** Its owner's place in the queue: the lower number comes first. */
  readonly ticket: number;
  /** Idempotent. */
  release(): void;
}

/** A limit that was learnt from refusals is tested again this often: it may have been about requests, not sessions. */
const LEARNT_LIMIT_MS = 30_000;

/**
 * A semaphore for the Gladia sessions that this process may have open at once. The limit is the configured one, or a lower
 * one that was learnt from Gladia's refusals. First come, first served; who was refused by Gladia keeps its place.
 */
export class SessionSlots {
  /** Ordered by ticket. */
  readonly #queue = new WaitQueue<SessionSlot>();
  /** Tickets whose owners hold a slot and have no answer from Gladia yet. */
  readonly #unconfirmed = new Set<number>();
  #held = 0;
  #tickets = 0;
  #limit: number;
  /** Runs while Gladia wants no request. */
  #pause: NodeJS.Timeout | undefined;
  #pausedUntilMs = 0;

  constructor(private readonly configuredLimit: number) {
    this.#limit = configuredLimit;
  }

  get isFull(): boolean {
    return this.#held >= this.#limit;
  }

  get isPaused(): boolean {
    return this.#pause !== undefined;
  }

  /** Grants no slot for this long, as Gladia has asked for. A shorter pause does not shorten a longer one. */
  pauseFor(ms: number): void {
    const untilMs = performance.now() + ms;
    if (untilMs <= this.#pausedUntilMs) return;
    this.#pausedUntilMs = untilMs;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      this.#grantNext();
    }, ms).unref();
  }

  /** Resolves to a slot, or to undefined when the signal came first. */
  acquire(signal: AbortSignal): Promise<SessionSlot | undefined> {
    if (signal.aborted) return Promise.resolve(undefined);
    if (this.#canGrant && this.#queue.isEmpty) return Promise.resolve(this.#hold((this.#tickets += 1)));
    const tryEveryMs = this.#limit < this.configuredLimit ? LEARNT_LIMIT_MS : undefined;
    return this.#wait((this.#tickets += 1), signal, tryEveryMs);
  }

  /**
   * Gladia had no room for the session of this slot, so the limit is what the others hold. The owner returns to its place
   * in the queue. Every `tryEveryMs` the first in the queue tries beyond the limit: sessions may have ended elsewhere.
   */
  reacquire(refused: SessionSlot, signal: AbortSignal, tryEveryMs: number): Promise<SessionSlot | undefined> {
    if (signal.aborted) {
      refused.release();
      return Promise.resolve(undefined);
    }
    this.#limit = Math.max(1, this.#held - 1);
    this.#held -= 1;
    this.#unconfirmed.delete(refused.ticket);
    return this.#wait(refused.ticket, signal, tryEveryMs);
  }

  /** Gladia granted the session of this slot: there is room for as many as are held. */
  confirm({ ticket }: SessionSlot): void {
    this.#unconfirmed.delete(ticket);
    this.#limit = Math.max(this.#limit, this.#held);
    this.#grantNext();
  }

  #wait(ticket: number, signal: AbortSignal, tryEveryMs?: number): Promise<SessionSlot | undefined> {
    const timer = tryEveryMs === undefined ? undefined : setInterval(() => this.#tryFirst(), tryEveryMs);
    return this.#queue.wait(ticket, signal).finally(() => clearInterval(timer));
  }

  get #canGrant(): boolean {
    return !this.isFull && !this.isPaused;
  }

  /** Lets the first in the queue try beyond the limit, unless somebody before it still awaits Gladia's answer. */
  #tryFirst(): void {
    if (this.isPaused) return;
    const ticket = this.#queue.orders[0] ?? 0;
    if ([...this.#unconfirmed].some((other) => other < ticket)) return;
    this.#grantFirst();
  }

  #grantNext(): void {
    while (this.#canGrant && !this.#queue.isEmpty) this.#grantFirst();
  }

  #grantFirst(): void {
    this.#queue.grantNext((ticket) => this.#hold(ticket));
  }

  #hold(ticket: number): SessionSlot {
    this.#held += 1;
    this.#unconfirmed.add(ticket);
    let isHeld = true;
    return {
      ticket,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        this.#held -= 1;
        this.#unconfirmed.delete(ticket);
        this.#grantNext();
      },
    };
  }
}
