import type { EgressEnd } from './egress-api.js';

/** One start of an Egress and the one socket it may open: what becomes of both can be awaited. */
export class EgressAttempt {
  readonly opened: Promise<void>;
  /** Resolves with the WebSocket's close code. */
  readonly closed: Promise<number>;
  /** Resolves when LiveKit says that the egress is over. */
  readonly ended: Promise<EgressEnd>;
  /** Resolves with LiveKit's id when the start was answered, with undefined when it was not. Never rejects. */
  egressId: Promise<string | undefined> = Promise.resolve(undefined);
  #knownId: string | undefined;
  #end: EgressEnd | undefined;
  #wasOpened = false;
  #wasClosed = false;
  #markOpened!: () => void;
  #markClosed!: (code: number) => void;
  #markEnded!: (end: EgressEnd) => void;

  constructor(readonly number: number) {
    this.opened = new Promise((resolve) => (this.#markOpened = resolve));
    this.closed = new Promise((resolve) => (this.#markClosed = resolve));
    this.ended = new Promise((resolve) => (this.#markEnded = resolve));
  }

  /** The id, once LiveKit has told it. */
  get knownId(): string | undefined {
    return this.#knownId;
  }

  /** How it ended, once LiveKit has told it. */
  get end(): EgressEnd | undefined {
    return this.#end;
  }

  get wasOpened(): boolean {
    return this.#wasOpened;
  }

  get wasClosed(): boolean {
    return this.#wasClosed;
  }

  /** The start call that belongs to it. Its failure is left to who makes the call. */
  follow(start: Promise<string | undefined>): void {
    this.egressId = start.then(
      (id) => (this.#knownId = id),
      () => undefined,
    );
  }

  markOpened(): void {
    this.#wasOpened = true;
    this.#markOpened();
  }

  markClosed(code: number): void {
    this.#wasClosed = true;
    this.#markClosed(code);
  }

  markOver(end: EgressEnd): void {
    this.#end = end;
    this.#markEnded(end);
  }
}
