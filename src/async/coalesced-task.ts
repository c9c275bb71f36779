/**
 * Runs an asynchronous task at most once at a time. A request during a run makes one more run follow it, so that the
 * last run always began after the last request; a thousand requests cost two runs.
 */
export class CoalescedTask {
  #running: Promise<void> | undefined;
  #again = false;

  constructor(private readonly task: () => Promise<void>) {}

  /** Settles when a run that began after this call has ended. Never rejects when the task does not. */
  request(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#runWhileRequested().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #runWhileRequested(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.task();
    }
  }
}
