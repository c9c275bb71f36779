import { Logger } from '@nestjs/common';
import type { AudioSubscription, SubscriptionEndReason, RefusalScope } from '../media/audio-source.js';
import type { ShownTrackState, TrackState } from '../media/track-state.js';
import type { ReleaseSlot, SlotHolder } from './egress-slots.port.js';
import { withTimeout } from '../async/with-timeout.js';
import { sleep } from '../async/sleep.js';
import { orAborted } from '../async/or-aborted.js';
import {
  asApiError,
  CIRCUIT_OPEN,
  lossReason,
  UNSUPPORTED,
  type EgressApiError,
  type EgressEnd,
} from './egress-api.js';
import { EgressAttempt } from './egress-attempt.js';
import type { EgressRunOptions } from './egress-run-options.js';
import { EgressRunStatus } from './egress-run-status.js';
import { EgressStopper } from './egress-stopper.js';
import { Deferred } from '../async/deferred.js';
import { RestartBackoff } from './restart-backoff.js';
import { SlotReservation } from './slot-reservation.js';

const SOCKET_TIMEOUT_MS = 10_000;
/** How long frames may still arrive after LiveKit reports that the egress has ended. */
const LAST_FRAMES_MS = 1_000;
/** For how long a limit that LiveKit reported lowers our own. */
const LIMIT_VALID_MS = 30_000;
const RATE_LIMITED_DELAY_MS = 250;
/** LiveKit counts an egress for a moment after its end, so that its successor may hit the limit a few times. */
const MAX_LIMIT_RETRIES = 4;

/**
 * Keeps one egress running until the subscription is closed: waits for a slot, starts the egress, watches its WebSocket
 * and starts it again when it ends. At no time do two of its egresses run, and none runs without being known here.
 */
export class EgressRun implements AudioSubscription {
  readonly #logger = new Logger(EgressRun.name);
  readonly #options: EgressRunOptions;
  readonly #socketTimeoutMs: number;
  readonly #stopper: EgressStopper;
  readonly #closing = new AbortController();
  readonly #established = new Deferred();
  readonly #ended = new Deferred();
  readonly #refused = new Deferred<string>();
  readonly established = this.#established.promise;
  readonly ended = this.#ended.promise;
  readonly refused = this.#refused.promise;
  readonly sessionId: string;
  readonly #backoff = new RestartBackoff();
  readonly #slot: SlotReservation;
  readonly #droppedTracks = new Set<string>();
  readonly #status = new EgressRunStatus();
  #attempt = new EgressAttempt(0);
  #yieldRequest = new Deferred();
  #yielded = new Deferred();
  #restartDelayMs = 0;
  #limitRetries = 0;
  #stopAtEnd = false;
  #refusalScope: RefusalScope = 'source';

  /** @param slot a slot that is already held for it */
  constructor(options: EgressRunOptions, slot?: ReleaseSlot) {
    this.#options = options;
    this.sessionId = options.sessionId;
    this.#slot = new SlotReservation(
      options.slots,
      options.holder,
      options.whenFull === 'first' ? 'first' : 'last',
      slot,
    );
    this.#socketTimeoutMs = options.socketTimeoutMs ?? SOCKET_TIMEOUT_MS;
    this.#stopper = new EgressStopper(options.api, options.room, options.path);
    void this.#run();
  }

  /** For whom it holds its slot. */
  get holder(): SlotHolder {
    return this.#options.holder;
  }

  get path(): string {
    return this.#options.path;
  }

  /** Its tracks, without those that were dropped. */
  get trackSids(): readonly string[] {
    return this.#options.trackSids.filter((trackSid) => !this.#droppedTracks.has(trackSid));
  }

  get receiving(): boolean {
    return this.#status.receiving;
  }

  get closing(): boolean {
    return this.#closing.signal.aborted;
  }

  get refusalScope(): RefusalScope {
    return this.#refusalScope;
  }

  get waitsForSlot(): boolean {
    return !this.#slot.held;
  }

  get report(): ShownTrackState {
    return this.#status.shown;
  }

  get state(): TrackState {
    return this.#status.trackState;
  }

  onReceiving(listener: (receiving: boolean) => void): void {
    this.#status.onReceiving(listener);
  }

  isCurrent(attempt: number): boolean {
    return attempt === this.#attempt.number;
  }

  /** Whether LiveKit's egress belongs to this run; one whose id is still unknown is recognised by its address. */
  owns(egressId: string, path: string): boolean {
    const { knownId } = this.#attempt;
    return knownId === undefined ? path === this.path : knownId === egressId;
  }

  /** Whether the attempt's WebSocket may still open, which it does once. */
  awaits(attempt: number): boolean {
    return this.isCurrent(attempt) && !this.#attempt.wasOpened;
  }

  /** Does nothing for an earlier attempt. */
  socketOpened(attempt: number): void {
    if (this.isCurrent(attempt)) this.#attempt.markOpened();
  }

  /** Does nothing for an earlier attempt. */
  socketClosed(attempt: number, code: number): void {
    if (this.isCurrent(attempt)) this.#attempt.markClosed(code);
  }

  /** LiveKit reports that an egress has ended; does nothing where it is not this run's. */
  egressEnded(egressId: string, end: EgressEnd): void {
    if (this.#attempt.knownId !== egressId) return;
    this.#attempt.markEnded(end);
    // Without an open WebSocket it ended because we stopped it, which is not the reason for the restart.
    if (this.#status.state === 'restarting' && this.#attempt.wasOpened) this.#status.reason = lossReason(end);
  }

  dropTrack(trackSid: string): void {
    this.#droppedTracks.add(trackSid);
  }

  /** Gives its slot to the next in the queue, and queues again behind it. Resolves when the egress has drained. */
  async yieldSlot(): Promise<void> {
    if (this.#status.state !== 'streaming') return;
    this.#yieldRequest.resolve();
    await Promise.race([this.#yielded.promise, this.ended]);
  }

  /** Idempotent. When the track itself is gone, Egress drains and ends without being stopped. */
  close(why: SubscriptionEndReason): void {
    this.#stopAtEnd ||= why !== 'track-gone' || this.#options.input.kind !== 'track';
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    await orAborted(Promise.resolve(this.#options.after), this.#closing.signal);
    while (!this.closing && (await this.#acquireSlot())) {
      await this.#runOnce();
      await sleep(this.#restartDelayMs, this.#closing.signal);
      this.#refuseIncompletePair();
    }
    this.#slot.release();
    this.#status.state = 'ended';
    this.#ended.resolve();
  }

  async #acquireSlot(): Promise<boolean> {
    if (this.#slot.mustWait) this.#status.state = 'waiting-for-egress-slot';
    return this.#slot.acquire(this.#closing.signal);
  }

  async #runOnce(): Promise<void> {
    const { number, address } = this.#options.nextAttempt();
    this.#attempt = new EgressAttempt(number);
    const isRestart = this.#established.settled || this.#status.reason !== undefined;
    this.#status.state = isRestart ? 'restarting' : 'starting';
    if (this.#options.circuit.state !== 'closed') this.#status.reason ??= CIRCUIT_OPEN;
    try {
      if (await this.#open(this.#attempt, address)) await this.#stream(this.#attempt);
    } catch (error) {
      await this.#onFailure(asApiError(error));
    } finally {
      this.#status.setReceiving(false);
    }
  }

  async #open(attempt: EgressAttempt, address: string): Promise<boolean> {
    const { api, circuit, room, input } = this.#options;
    const closing = this.#closing.signal;
    const started = circuit.call(() => api.start(room, input, address), closing);
    return attempt.waitForSocket({ started, closing, timeoutMs: this.#socketTimeoutMs });
  }

  async #stream(attempt: EgressAttempt): Promise<void> {
    const openedAtMs = performance.now();
    if (!this.closing) this.#onStreaming();
    const ended = attempt.ended.then(() => sleep(LAST_FRAMES_MS, this.#closing.signal));
    await orAborted(Promise.race([attempt.closed, ended, this.#yieldRequest.promise]), this.#closing.signal);
    if (this.closing) return this.#drain(attempt);
    if (this.#yieldRequest.settled) return this.#releaseSlot(attempt);
    this.#restartDelayMs = this.#backoff.afterStream(performance.now() - openedAtMs);
    this.#status.lost(attempt.end);
    // The egress may still run, and would then run beside its successor.
    if (attempt.end === undefined) void this.#stopper.stop(attempt);
  }

  #onStreaming(): void {
    this.#limitRetries = 0;
    this.#status.streaming();
    this.#established.resolve();
  }

  async #drain(attempt: EgressAttempt): Promise<void> {
    this.#status.state = 'draining';
    this.#status.setReceiving(false);
    if (this.#stopAtEnd) await this.#stopper.stop(attempt);
    const last = Promise.race([attempt.closed, attempt.ended]);
    if ((await withTimeout(last, this.#socketTimeoutMs, undefined)) !== undefined) return;
    if (!this.#stopAtEnd) await this.#stopper.stop(attempt);
  }

  async #releaseSlot(attempt: EgressAttempt): Promise<void> {
    this.#status.setReceiving(false);
    this.#status.state = 'waiting-for-egress-slot';
    await this.#stopper.stop(attempt);
    await withTimeout(attempt.closed, this.#socketTimeoutMs, undefined);
    this.#restartDelayMs = 0;
    this.#slot.release();
    this.#yielded.resolve();
    this.#yieldRequest = new Deferred();
    this.#yielded = new Deferred();
  }

  async #onFailure({ fault, reason }: EgressApiError): Promise<void> {
    this.#status.failed(reason, { isFinal: fault === 'refused', noSocket: fault === 'no-socket' });
    this.#restartDelayMs = this.#backoff.afterFault(fault);
    this.#logger.warn(`session ${this.sessionId} track ${this.trackSids.join(',')}: ${reason}`);
    if (fault === 'unsupported') this.#refuse(UNSUPPORTED);
    else if (fault === 'limit') this.#onLimit(reason);
    // The next start waits for LiveKit's pause to end.
    else if (fault === 'rate-limited') this.#restartDelayMs = RATE_LIMITED_DELAY_MS;
    else if (fault === 'unanswered' || fault === 'outage') await this.#stopper.stopLost();
    else if (fault === 'no-socket' && this.#attempt.end === undefined) await this.#stopper.stop(this.#attempt);
  }

  #onLimit(reason: string): void {
    this.#limitRetries += 1;
    if (this.#hasPredecessor && this.#limitRetries < MAX_LIMIT_RETRIES) return;
    this.#options.slots.foundFull(LIMIT_VALID_MS);
    if (this.#options.whenFull === 'refuse' && !this.#established.settled) this.#refuse(reason);
    this.#status.state = 'waiting-for-egress-slot';
    this.#restartDelayMs = 0;
    this.#slot.queueFirst();
    this.#slot.release();
  }

  /** Whether an egress ended to make room for this one: an earlier one of this run, or that of a track that moved here. */
  get #hasPredecessor(): boolean {
    return this.#established.settled || this.#options.whenFull === 'first';
  }

  /** LiveKit starts a paired egress only while both tracks are published. */
  #refuseIncompletePair(): void {
    if (this.#droppedTracks.size === 0 || this.closing) return;
    this.#refusalScope = 'subscription';
    this.#refuse('the other track of the pair is gone');
  }

  #refuse(reason: string): void {
    this.#refused.resolve(reason);
    this.close('handed-over');
  }
}
