import FakeTimers, { type Clock } from '@sinonjs/fake-timers';
import { ProcessScope } from './process-scope.js';

/** Work that is under way outside of timers and promises; time stands still until it is done. */
const UNDER_WAY = /^(FSReq|Immediate)/;
const TURNS = 2;
const BOOT_PATIENCE_MS = 120_000;

type Callback = (...args: unknown[]) => void;

const real = {
  setTimeout,
  setImmediate,
  AbortSignalTimeout: AbortSignal.timeout,
  now: performance.now.bind(performance),
};

/**
 * The one clock of a replay. Time goes from timer to timer, and only when nothing is left to do at the moment at which it
 * stands. Install one at a time.
 */
export class VirtualTime {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #whenQuiet: (() => void)[] = [];
  #isStill = false;
  #held: Promise<unknown> | undefined;

  /** @param startUnixMs what `Date.now()` says at virtual time 0 */
  constructor(startUnixMs: number) {
    this.#startMs = startUnixMs;
    this.#clock = FakeTimers.install({
      now: startUnixMs,
      toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
      ignoreMissingTimers: true,
      loopLimit: 1_000_000,
    });
    bindTimersToScopes();
    AbortSignal.timeout = (ms) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(new DOMException('The operation timed out', 'TimeoutError')), ms);
      return controller.signal;
    };
  }

  /** Milliseconds since the start. */
  get nowMs(): number {
    return this.#clock.now - this.#startMs;
  }

  /** Runs the task at a time, outside of the service. */
  at(ms: number, task: () => void): void {
    this.#clock.setTimeout(task, Math.max(0, ms - this.nowMs));
  }

  /** Runs the task so long from now; at once while the clock stands still. */
  after(ms: number, task: () => void): void {
    if (this.#isStill) task();
    else this.at(this.nowMs + ms, task);
  }

  /** Runs the task when nothing is left to do at this moment. */
  whenQuiet(task: () => void): void {
    this.#whenQuiet.push(task);
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    do {
      for (const task of this.#whenQuiet.splice(0)) task();
      do {
        for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => real.setImmediate(resolve));
      } while (process.getActiveResourcesInfo().some((resource) => UNDER_WAY.test(resource)));
    } while (this.#whenQuiet.length > 0);
  }

  async runUntil(ms: number): Promise<void> {
    const wait = { over: false };
    this.at(ms, () => (wait.over = true));
    await this.settle();
    while (!wait.over) await this.#step();
  }

  /** Lets time pass until the promise is settled. */
  async drive<T>(promise: Promise<T>): Promise<T> {
    const wait = waitFor(promise);
    await this.settle();
    while (!wait.over) await this.#step();
    return promise;
  }

  /** Whoever lets time pass waits for this first. */
  holdUntil(promise: Promise<unknown>): void {
    this.#held = promise;
  }

  /** Waits with the clock standing still: modules that are loaded take time of the machine alone. */
  async still<T>(promise: Promise<T>): Promise<T> {
    const wait = waitFor(promise);
    this.#isStill = true;
    const giveUpAt = real.now() + BOOT_PATIENCE_MS;
    while (!wait.over && real.now() < giveUpAt) {
      await this.settle();
      await new Promise((resolve) => real.setTimeout(resolve, 0));
    }
    await this.settle();
    this.#isStill = false;
    if (!wait.over) throw new Error('the service does not start');
    return promise;
  }

  /** The process stands still for so long: what was due meanwhile is due at once, and once. */
  jump(ms: number): void {
    this.#clock.jump(ms);
  }

  async #step(): Promise<void> {
    this.#clock.next();
    await this.#held;
    this.#held = undefined;
    await this.settle();
  }

  uninstall(): void {
    this.#clock.uninstall();
    AbortSignal.timeout = real.AbortSignalTimeout;
  }
}

function waitFor(promise: Promise<unknown>): { readonly over: boolean } {
  const wait = { over: false };
  const finish = (): boolean => (wait.over = true);
  promise.then(finish, finish);
  return wait;
}

/** Timers of a killed process never fire. */
function bindTimersToScopes(): void {
  for (const name of ['setTimeout', 'setInterval'] as const) {
    const faked = globalThis[name] as (callback: Callback, ms?: number, ...args: unknown[]) => NodeJS.Timeout;
    const bound = (callback: Callback, ms?: number, ...args: unknown[]): NodeJS.Timeout => {
      const scope = ProcessScope.current;
      const task: Callback = (...given) => {
        if (scope === undefined) callback(...given);
        else if (scope.alive) scope.run(() => callback(...given));
      };
      return faked(task, ms, ...args);
    };
    Object.assign(globalThis, { [name]: bound });
  }
}
