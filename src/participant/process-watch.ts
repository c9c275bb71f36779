/** `leaking`: it takes too much memory, and works. `hung`: it gives no sign of life. */
export type ProcessFault = 'leaking' | 'hung';

const LOOK_EVERY_MS = 200;
/** It says that it is alive every 200 ms. */
const HUNG_AFTER_MS = 1_000;
const STARTS_WITHIN_MS = 15_000;
/** A limit that is too low must not make a new process every moment. */
const LEAST_LIFE_MS = 60_000;

export interface MemoryLimit {
  /** Resident memory beyond which a process is replaced. */
  readonly memoryBytes: number;
  /** How long a process lives at least, whatever it takes. Default: a minute. */
  readonly leastLifeMs?: number;
}

/** Watches one child process: whether it lives, and how much memory it takes. Tells once when it is to be replaced. */
export class ProcessWatch {
  fault: ProcessFault | undefined;
  residentBytes = 0;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAtMs: number;
  #silentSinceMs: number;
  #lookedAtMs: number;
  #started = false;

  constructor(
    private readonly limit: MemoryLimit,
    private readonly tell: (illness: ProcessFault) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#startedAtMs = this.#silentSinceMs = this.#lookedAtMs = nowMs();
    this.#timer = setInterval(() => this.check(), LOOK_EVERY_MS).unref();
  }

  /** Something came from it. */
  recordActivity(): void {
    this.#started = true;
    this.#silentSinceMs = this.nowMs();
  }

  recordMemory(residentBytes: number): void {
    this.residentBytes = residentBytes;
    this.recordActivity();
    const lifeMs = this.nowMs() - this.#startedAtMs;
    const { memoryBytes, leastLifeMs = LEAST_LIFE_MS } = this.limit;
    if (residentBytes > memoryBytes && lifeMs >= leastLifeMs) this.#find('leaking');
  }

  /** The timer's turn. Where this process itself was held up, signs of life lie unread, and the silence counts anew. */
  check(): void {
    const nowMs = this.nowMs();
    if (nowMs - this.#lookedAtMs > 2 * LOOK_EVERY_MS) this.#silentSinceMs = nowMs;
    this.#lookedAtMs = nowMs;
    if (nowMs - this.#silentSinceMs >= (this.#started ? HUNG_AFTER_MS : STARTS_WITHIN_MS)) this.#find('hung');
  }

  /** Idempotent. */
  close(): void {
    clearInterval(this.#timer);
  }

  #find(illness: ProcessFault): void {
    if (this.fault === 'hung' || this.fault === illness) return;
    this.fault = illness;
    this.tell(illness);
  }
}
