import { Logger } from '@nestjs/common';
import type { AudioSubscription, SubscriptionEndReason, RefusalScope } from '../media/audio-source.js';
import { shownTrackState, type ShownTrackState, type TrackState } from '../media/track-state.js';
import type { ReleaseSlot } from './egress-slots.port.js';
import { withTimeout } from '../async/with-timeout.js';
import { sleep } from '../async/sleep.js';
import { orAborted } from '../async/or-aborted.js';
import type { EgressApiError, EgressEnd } from './egress-api.js';
import { EgressAttempt } from './egress-attempt.js';
import { asApiError, CIRCUIT_OPEN, lossReason, UNSUPPORTED } from './egress-reasons.js';
import type { EgressRunOptions, EgressRunState } from './egress-run-options.js';
import { EgressStopper } from './egress-stopper.js';
import { ReceivingState } from './receiving-state.js';
import { Deferred } from '../async/deferred.js';
import { socketOf } from './open-egress.js';
import { RestartBackoff } from './restart-backoff.js';
import { SlotReservation } from './slot-reservation.js';

const SOCKET_TIMEOUT_MS = 10_000;
/** What is on its way when LiveKit says that the egress is over. */
const LAST_FRAMES_MS = 1_000;
const FULL_FOR_MS = 30_000;
/** For a moment after its end an egress still counts, so that its successor may find the account full. */
const PATIENCE_WITH_THE_LIMIT = 4;

/**
 * Keeps one egress running for as long as what it carries lives: waits for a slot, starts, watches the socket, and
 * starts anew when it ends. Law: never two egresses at once, and none that nobody knows of.
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
  readonly #pauses = new RestartBackoff();
  readonly #slot: SlotReservation;
  readonly #gone = new Set<string>();
  readonly #hearing = new ReceivingState();
  #attempt = new EgressAttempt(0);
  #yield = new Deferred();
  #yielded = new Deferred();
  #state: EgressRunState = 'starting';
  #reason: string | undefined;
  /** Whether the last egress was started and never opened its WebSocket. */
  #noSocket = false;
  #waitMs = 0;
  #restarts = 0;
  #limitHits = 0;
  #stopAtEnd = false;
  #refusalConcerns: RefusalScope = 'source';

  /** @param slot when it has one already */
  constructor(options: EgressRunOptions, slot?: ReleaseSlot) {
    this.#options = options;
    this.sessionId = options.sessionId;
    this.#slot = new SlotReservation(options.slots, options.whenFull === 'first' ? 'first' : 'last', slot);
    this.#socketTimeoutMs = options.socketTimeoutMs ?? SOCKET_TIMEOUT_MS;
    this.#stopper = new EgressStopper(options.api, options.room, options.path);
    void this.#run();
  }

  get path(): string {
    return this.#options.path;
  }

  /** The tracks on it that are still there. */
  get trackSids(): readonly string[] {
    return this.#options.trackSids.filter((trackSid) => !this.#gone.has(trackSid));
  }

  get receiving(): boolean {
    return this.#hearing.heard;
  }

  get closing(): boolean {
    return this.#closing.signal.aborted;
  }

  get refusalScope(): RefusalScope {
    return this.#refusalConcerns;
  }

  get waitsForSlot(): boolean {
    return !this.#slot.held;
  }

  /** What `GET /sessions/{id}` says of its tracks. */
  get report(): ShownTrackState {
    return shownTrackState(this.state);
  }

  get state(): TrackState {
    const state = this.#state;
    const more = { ...(this.#reason !== undefined && { reason: this.#reason }), restarts: this.#restarts };
    return state === 'restarting' ? { state, noSocket: this.#noSocket, ...more } : { state, ...more };
  }

  onReceiving(listener: (heard: boolean) => void): void {
    this.#hearing.onChange(listener);
  }

  isCurrent(attempt: number): boolean {
    return attempt === this.#attempt.number;
  }

  /** Whether LiveKit's egress is this one's; one whose id is still unknown is told by where it dials. */
  owns(egressId: string, path: string): boolean {
    const { knownId } = this.#attempt;
    return knownId === undefined ? path === this.path : knownId === egressId;
  }

  /** Whether the attempt's socket may still open: it does so once. */
  awaits(attempt: number): boolean {
    return this.isCurrent(attempt) && !this.#attempt.wasOpened;
  }

  /** The socket of an attempt opened. An attempt that was given up is of no interest. */
  socketOpened(attempt: number): void {
    if (this.isCurrent(attempt)) this.#attempt.markOpened();
  }

  socketClosed(attempt: number, code: number): void {
    if (this.isCurrent(attempt)) this.#attempt.markClosed(code);
  }

  /** LiveKit says that one of its egresses is over. */
  egressEnded(egressId: string, end: EgressEnd): void {
    if (this.#attempt.knownId !== egressId) return;
    this.#attempt.markOver(end);
    // One that never opened its socket ends because we stopped it, which is not why.
    if (this.#state === 'restarting' && this.#attempt.wasOpened) this.#reason = lossReason(end);
  }

  dropTrack(trackSid: string): void {
    this.#gone.add(trackSid);
  }

  /** Gives its slot to who waits, and queues again behind them. Resolves when the slot is free, after the drain. */
  async yieldSlot(): Promise<void> {
    if (this.#state !== 'streaming') return;
    this.#yield.resolve();
    await Promise.race([this.#yielded.promise, this.ended]);
  }

  /**
   * Ends it. Where the track itself is gone Egress ends by itself and drains what it has; else it has to be asked.
   * Idempotent.
   */
  close(why: SubscriptionEndReason): void {
    this.#stopAtEnd ||= why !== 'track-gone' || this.#options.input.kind !== 'track';
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    await orAborted(Promise.resolve(this.#options.after), this.#closing.signal);
    while (!this.closing && (await this.#holdSlot())) {
      await this.#runOnce();
      await sleep(this.#waitMs, this.#closing.signal);
      this.#refuseHalfAPair();
    }
    this.#slot.release();
    this.#state = 'ended';
    this.#ended.resolve();
  }

  async #holdSlot(): Promise<boolean> {
    if (this.#slot.mustWait) this.#state = 'waiting-for-egress-slot';
    return this.#slot.take(this.#closing.signal);
  }

  async #runOnce(): Promise<void> {
    const { number, address } = this.#options.nextAttempt();
    this.#attempt = new EgressAttempt(number);
    this.#state = this.#established.settled || this.#reason !== undefined ? 'restarting' : 'starting';
    if (this.#options.circuit.state !== 'closed') this.#reason ??= CIRCUIT_OPEN;
    try {
      if (await this.#open(this.#attempt, address)) await this.#stream(this.#attempt);
    } catch (error) {
      await this.#fail(asApiError(error));
    } finally {
      this.#hearing.set(false);
    }
  }

  async #open(attempt: EgressAttempt, address: string): Promise<boolean> {
    const { api, circuit, room, input } = this.#options;
    const closing = this.#closing.signal;
    const started = circuit.call(() => api.start(room, input, address), closing);
    return socketOf({ attempt, started, closing, withinMs: this.#socketTimeoutMs });
  }

  async #stream(attempt: EgressAttempt): Promise<void> {
    const openedAtMs = performance.now();
    if (!this.closing) this.#streams();
    const over = attempt.ended.then(() => sleep(LAST_FRAMES_MS, this.#closing.signal));
    await orAborted(Promise.race([attempt.closed, over, this.#yield.promise]), this.#closing.signal);
    if (this.closing) return this.#windUp(attempt);
    if (this.#yield.settled) return this.#giveSlotUp(attempt);
    this.#restarts += 1;
    this.#waitMs = this.#pauses.afterStream(performance.now() - openedAtMs);
    this.#state = 'restarting';
    this.#reason = lossReason(attempt.end);
    this.#noSocket = false;
    // It may still think that it streams; asked to stop, it cannot live on beside its successor.
    if (attempt.end === undefined) void this.#stopper.stop(attempt);
  }

  #streams(): void {
    this.#state = 'streaming';
    this.#reason = undefined;
    this.#noSocket = false;
    this.#limitHits = 0;
    this.#hearing.set(true);
    this.#established.resolve();
  }

  async #windUp(attempt: EgressAttempt): Promise<void> {
    this.#state = 'draining';
    this.#hearing.set(false);
    if (this.#stopAtEnd) await this.#stopper.stop(attempt);
    const last = Promise.race([attempt.closed, attempt.ended]);
    if ((await withTimeout(last, this.#socketTimeoutMs, undefined)) !== undefined) return;
    if (!this.#stopAtEnd) await this.#stopper.stop(attempt);
  }

  async #giveSlotUp(attempt: EgressAttempt): Promise<void> {
    this.#hearing.set(false);
    this.#state = 'waiting-for-egress-slot';
    await this.#stopper.stop(attempt);
    await withTimeout(attempt.closed, this.#socketTimeoutMs, undefined);
    this.#waitMs = 0;
    this.#slot.release();
    this.#yielded.resolve();
    this.#yield = new Deferred();
    this.#yielded = new Deferred();
  }

  async #fail({ fault, reason }: EgressApiError): Promise<void> {
    this.#reason = reason;
    this.#noSocket = fault === 'no-socket';
    this.#state = fault === 'refused' ? 'failed' : 'restarting';
    this.#waitMs = this.#pauses.afterFault(fault);
    this.#logger.warn(`session ${this.sessionId} track ${this.trackSids.join(',')}: ${reason}`);
    if (fault === 'unsupported') this.#refuse(UNSUPPORTED);
    else if (fault === 'limit') this.#findFull(reason);
    else if (fault === 'unanswered' || fault === 'outage') await this.#stopper.stopLost();
    else if (fault === 'no-socket' && this.#attempt.end === undefined) await this.#stopper.stop(this.#attempt);
  }

  #findFull(reason: string): void {
    this.#limitHits += 1;
    if (this.#hasFormer && this.#limitHits < PATIENCE_WITH_THE_LIMIT) return;
    this.#options.slots.foundFull(FULL_FOR_MS);
    if (this.#options.whenFull === 'refuse' && !this.#established.settled) this.#refuse(reason);
    this.#state = 'waiting-for-egress-slot';
    this.#waitMs = 0;
    this.#slot.queueFirst();
    this.#slot.release();
  }

  /** Whether an egress ended to make room for this one: its own last one, or that of the tracks which it takes over. */
  get #hasFormer(): boolean {
    return this.#established.settled || this.#options.whenFull === 'first';
  }

  /** A pair begins only when both are there. */
  #refuseHalfAPair(): void {
    if (this.#gone.size === 0 || this.closing) return;
    this.#refusalConcerns = 'carriage';
    this.#refuse('the other track of the pair is gone');
  }

  #refuse(reason: string): void {
    this.#refused.resolve(reason);
    this.close('handed-over');
  }
}
