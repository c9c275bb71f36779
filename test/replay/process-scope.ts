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
  #random: number;

  constructor(seed: number) {
    this.#random = seed;
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

  /** From 0 to below 1 (mulberry32). */
  random(): number {
    this.#random = (this.#random + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#random ^ (this.#random >>> 15), 1 | this.#random);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }
}
