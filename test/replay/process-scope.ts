import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * One run of the service, as an operating system's process would be: what belongs to it (timers, random numbers) is
 * recognised by it, and stops when it is killed.
 */
export class ProcessScope {
  static readonly #current = new AsyncLocalStorage<ProcessScope>();
  readonly #atDeath: (() => void)[] = [];
  #alive = true;
  #uuids = 0;
  /** From 0 to below 1. */
  readonly random: () => number;
  readonly #randomByte: () => number;

  constructor(seed: number) {
    this.random = generator(seed);
    // Of their own: how many random numbers are used while modules are loaded differs.
    this.#randomByte = generator(seed + 1_000);
  }

  /** The scope of the code that is running; undefined in the outside world. */
  static get current(): ProcessScope | undefined {
    return this.#current.getStore();
  }

  run<T>(task: () => T): T {
    return ProcessScope.#current.run(this, task);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** None of its timers fires any more, and its connections are reset. */
  kill(): void {
    this.#alive = false;
    for (const task of this.#atDeath.splice(0)) task();
  }

  onKill(task: () => void): void {
    this.#atDeath.push(task);
  }

  uuid(): `${string}-${string}-${string}-${string}-${string}` {
    this.#uuids += 1;
    return `00000000-0000-4000-8000-${String(this.#uuids).padStart(12, '0')}`;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => Math.floor(this.#randomByte() * 256)));
  }
}

/** Numbers from 0 to below 1 that look random (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
