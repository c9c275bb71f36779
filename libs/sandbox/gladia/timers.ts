import type { GladiaSandboxOptions } from './options.js';

/** The timers of one owner, all of which end with it. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();
  #isClosed = false;

  /** Runs `task` once after `ms`; infinity never does. Returns how to cancel it. */
  after(ms: number, task: () => void): () => void {
    if (this.#isClosed || ms === Infinity) return () => undefined;
    const timer = setTimeout(() => {
      this.#running.delete(timer);
      task();
    }, ms);
    this.#running.add(timer);
    return () => {
      clearTimeout(timer);
      this.#running.delete(timer);
    };
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}

/** The times after which the service ends a session by itself. */
export class SessionDeadlines {
  #cancelIdle: () => void;
  #cancelNoSpeech: () => void = () => undefined;
  #isClosed = false;

  constructor(
    private readonly timers: Timers,
    private readonly options: GladiaSandboxOptions,
    private readonly expire: (code: number, reason: string) => void,
  ) {
    this.#cancelIdle = timers.after(options.tokenTtlMs, () => expire(4408, 'Session was never used'));
  }

  connected(): void {
    const { maxSessionMs, maxSessionCloseCode } = this.options;
    this.timers.after(maxSessionMs, () => this.expire(maxSessionCloseCode, 'Maximum session duration reached'));
    this.audioReceived();
    this.spoken();
  }

  audioReceived(): void {
    this.#cancelIdle();
    if (this.#isClosed) return;
    this.#cancelIdle = this.timers.after(this.options.idleMs, () => this.expire(4408, 'No audio received'));
  }

  spoken(): void {
    this.#cancelNoSpeech();
    if (this.#isClosed) return;
    this.#cancelNoSpeech = this.timers.after(this.options.noSpeechMs, () => this.expire(4504, 'No speech received'));
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelIdle();
    this.#cancelNoSpeech();
  }
}
