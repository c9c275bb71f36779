import { Logger } from '@nestjs/common';
import { aborted } from '../waiting/aborted.js';
import { Backoff } from '../waiting/backoff.js';
import { firstOf } from '../waiting/first-of.js';
import { pause } from '../waiting/pause.js';
import { EgressApiError, type EgressApi } from './egress-api.js';
import { EgressAttempt } from './egress-attempt.js';
import type { EgressSlots } from './egress-slots.js';

export type TrackEgressState =
  'waiting-for-egress-slot' | 'starting' | 'streaming' | 'restarting' | 'failed' | 'draining' | 'ended';

export interface TrackEgressOptions {
  readonly sessionId: string;
  readonly room: string;
  readonly trackSid: string;
  readonly api: EgressApi;
  readonly slots: EgressSlots;
  /** The address that Egress dials in a given attempt. */
  readonly address: (attempt: number) => string;
  /** How long Egress may take to open its socket, and to close it after it was asked to stop. */
  readonly socketTimeoutMs?: number;
}

/** A stream that ran this long was healthy, so its end is no reason to wait before the next start. */
const HEALTHY_MS = 5_000;
const SOCKET_TIMEOUT_MS = 10_000;
const BACKOFF = { baseMs: 500, capMs: 30_000 };

/**
 * Keeps one Track Egress running for as long as its track lives: waits for a slot, starts, watches the socket, and
 * starts anew when it is lost. Law: never two egresses at once.
 */
export class TrackEgress {
  readonly #logger = new Logger(TrackEgress.name);
  readonly #options: Required<TrackEgressOptions>;
  readonly #closing = new AbortController();
  #state: TrackEgressState = 'starting';
  #reason: string | undefined;
  #attempt = new EgressAttempt(0);
  readonly #backoff = new Backoff(BACKOFF, Math.random);
  #waitMs = 0;
  #restarts = 0;
  #stopAtEnd = false;

  constructor(options: TrackEgressOptions) {
    this.#options = { socketTimeoutMs: SOCKET_TIMEOUT_MS, ...options };
  }

  get sessionId(): string {
    return this.#options.sessionId;
  }

  /** What `GET /sessions/{id}` says of the track. */
  get report(): { state: TrackEgressState; reason?: string; restarts: number } {
    return {
      state: this.#state,
      ...(this.#reason !== undefined && { reason: this.#reason }),
      restarts: this.#restarts,
    };
  }

  /** Resolves when the egress has ended for good, after `close()`. Never rejects. */
  async run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      if (!this.#options.slots.free) this.#state = 'waiting-for-egress-slot';
      const release = await this.#options.slots.acquire(this.#closing.signal);
      if (release === undefined) break;
      await this.#runOnce().finally(release);
      await pause(this.#waitMs, this.#closing.signal);
    }
    this.#state = 'ended';
  }

  isCurrent(attempt: number): boolean {
    return attempt === this.#attempt.number;
  }

  /** The socket of an attempt opened. An attempt that was given up is of no interest. */
  opened(attempt: number): void {
    if (this.isCurrent(attempt)) this.#attempt.markOpened();
  }

  closed(attempt: number, code: number): void {
    if (this.isCurrent(attempt)) this.#attempt.markClosed(code);
  }

  /**
   * Ends it. Where the track itself is gone Egress ends by itself and drains what it has; where only the session is
   * over, it has to be asked. Idempotent.
   */
  close(why: 'track-gone' | 'session-over'): void {
    this.#stopAtEnd ||= why === 'session-over';
    this.#closing.abort();
  }

  async #runOnce(): Promise<void> {
    this.#attempt = new EgressAttempt(this.#attempt.number + 1);
    const { api, room, trackSid, address } = this.#options;
    this.#state = this.#attempt.number > 1 ? 'restarting' : 'starting';
    try {
      const egressId = await api.startTrack(room, trackSid, address(this.#attempt.number));
      await this.#follow(egressId);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #follow(egressId: string): Promise<void> {
    const closing = aborted(this.#closing.signal);
    const answered = await happens(Promise.race([this.#attempt.opened, closing]), this.#options.socketTimeoutMs);
    if (!answered) {
      await this.#options.api.stop(egressId);
      throw new EgressApiError('Egress opened no socket: is EGRESS_WEBSOCKET_BASE_URL reachable from it?', true);
    }
    const openedAtMs = performance.now();
    this.#state = 'streaming';
    this.#reason = undefined;
    await Promise.race([this.#attempt.closed, closing]);
    if (this.#closing.signal.aborted) return this.#windUp(egressId);
    this.#restarts += 1;
    this.#planRestart(performance.now() - openedAtMs >= HEALTHY_MS);
    this.#state = 'restarting';
    this.#reason = 'the audio socket was lost';
  }

  async #windUp(egressId: string): Promise<void> {
    this.#state = 'draining';
    if (this.#stopAtEnd) await this.#options.api.stop(egressId);
    if (await happens(this.#attempt.closed, this.#options.socketTimeoutMs)) return;
    if (!this.#stopAtEnd) await this.#options.api.stop(egressId);
  }

  /** A stream that was healthy is started anew at once. */
  #planRestart(wasHealthy: boolean): void {
    if (wasHealthy) this.#backoff.reset();
    this.#waitMs = wasHealthy ? 0 : this.#backoff.nextMs();
  }

  #fail(error: unknown): void {
    this.#planRestart(false);
    const known = error instanceof EgressApiError;
    this.#state = known && !error.retryable ? 'failed' : 'restarting';
    this.#reason = known ? error.reason : 'an unexpected error';
    this.#logger.warn(`session ${this.#options.sessionId} track ${this.#options.trackSid}: ${this.#reason}`);
  }
}

/** Whether it happens within the time. */
const happens = async (event: Promise<unknown>, withinMs: number): Promise<boolean> =>
  firstOf(
    event.then(() => true),
    withinMs,
    false,
  );
