import { Deferred } from '../async/deferred.js';
import { withTimeout } from '../async/with-timeout.js';
import { EgressApiError, noSocketError, type EgressEnd } from './egress-api.js';

export interface SocketWait {
  /** The start call; resolves with undefined when it was not made because `closing` aborted first. */
  readonly started: Promise<string | undefined>;
  readonly closing: AbortSignal;
  readonly timeoutMs: number;
}

/** One start of an Egress and the one WebSocket that it may open. */
export class EgressAttempt {
  readonly #opened = new Deferred();
  readonly #closed = new Deferred<number>();
  readonly #ended = new Deferred<EgressEnd>();
  readonly opened = this.#opened.promise;
  /** Resolves with the WebSocket's close code. */
  readonly closed = this.#closed.promise;
  /** Resolves when LiveKit reports that the egress has ended. */
  readonly ended = this.#ended.promise;
  /** Resolves with LiveKit's id when the start was answered, otherwise with undefined. Never rejects. */
  egressId: Promise<string | undefined> = Promise.resolve(undefined);
  #knownId: string | undefined;
  #end: EgressEnd | undefined;

  constructor(readonly number: number) {}

  /** The id, once LiveKit has answered. */
  get knownId(): string | undefined {
    return this.#knownId;
  }

  /** How it ended, once LiveKit has reported that. */
  get end(): EgressEnd | undefined {
    return this.#end;
  }

  get wasOpened(): boolean {
    return this.#opened.settled;
  }

  get wasClosed(): boolean {
    return this.#closed.settled;
  }

  /** Takes the id from the answer to the start call. */
  setStart(started: Promise<string | undefined>): void {
    this.egressId = started.then(
      (id) => (this.#knownId = id),
      () => undefined,
    );
  }

  markOpened(): void {
    this.#opened.resolve();
  }

  markClosed(code: number): void {
    this.#closed.resolve(code);
  }

  markEnded(end: EgressEnd): void {
    this.#end = end;
    this.#ended.resolve(end);
  }

  /**
   * Resolves with true when the WebSocket is open. When `closing` aborts first, resolves with whether there is an egress to
   * stop. Egress may connect before LiveKit answers the start call, and also when that answer is lost.
   * @throws EgressApiError when the start fails, or no WebSocket opens in time
   */
  async waitForSocket({ started, closing, timeoutMs }: SocketWait): Promise<boolean> {
    this.setStart(started);
    const opened = this.opened.then(() => true);
    const hasStarted = await Promise.race([opened, started.then((id) => id !== undefined)]);
    if (!hasStarted) return false;
    const ended = this.ended.then((end) => noSocketError(end));
    const outcome = await withTimeout(Promise.race([opened, ended]), timeoutMs, noSocketError(), closing);
    if (outcome instanceof EgressApiError && !closing.aborted) throw outcome;
    return true;
  }
}
