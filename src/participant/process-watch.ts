/** `leaking`: the process takes too much memory, but works. `hung`: it gives no sign of life. */
export type ProcessFault = 'leaking' | 'hung';

const CHECK_EVERY_MS = 200;
/** The process reports every 200 ms that it is alive. */
const HUNG_AFTER_MS = 1_000;
const STARTS_WITHIN_MS = 15_000;
/** So that a memory limit that is too low does not replace processes all the time. */
const MIN_LIFE_MS = 60_000;

export interface MemoryLimit {
  /** Resident memory beyond which a process is replaced. */
  readonly memoryBytes: number;
  /** How long a process lives at least, whatever memory it takes. Default: a minute. */
  readonly leastLifeMs?: number;
}

/** Watches one child process: whether it is alive, and how much memory it takes. Reports once that it is to be replaced. */
export class ProcessWatch {
  fault: ProcessFault | undefined;
  residentBytes = 0;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAtMs: number;
  #silentSinceMs: number;
  #checkedAtMs: number;
  #started = false;

  constructor(
    private readonly limit: MemoryLimit,
    private readonly onFault: (fault: ProcessFault) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#startedAtMs = this.#silentSinceMs = this.#checkedAtMs = nowMs();
    this.#timer = setInterval(() => this.check(), CHECK_EVERY_MS).unref();
  }

  /** A message or audio came from the process. */
  recordActivity(): void {
    this.#started = true;
    this.#silentSinceMs = this.nowMs();
  }

  recordMemory(residentBytes: number): void {
    this.residentBytes = residentBytes;
    this.recordActivity();
    const lifeMs = this.nowMs() - this.#startedAtMs;
    const { memoryBytes, leastLifeMs = MIN_LIFE_MS } = this.limit;
    if (residentBytes > memoryBytes && lifeMs >= leastLifeMs) this.#report('leaking');
  }

  /** Called by the timer. When the service itself stood still, signs of life are still unread: the wait begins again. */
  check(): void {
    const nowMs = this.nowMs();
    if (nowMs - this.#checkedAtMs > 2 * CHECK_EVERY_MS) this.#silentSinceMs = nowMs;
    this.#checkedAtMs = nowMs;
    if (nowMs - this.#silentSinceMs >= (this.#started ? HUNG_AFTER_MS : STARTS_WITHIN_MS)) this.#report('hung');
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.#timer);
  }

  #report(fault: ProcessFault): void {
    if (this.fault === 'hung' || this.fault === fault) return;
    this.fault = fault;
    this.onFault(fault);
  }
}
