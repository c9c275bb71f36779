import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import type { SubscriptionEndReason, TrackToTranscribe } from '../media/audio-source.js';
import { shownTrackState, type ShownTrackState, type TrackState } from '../media/track-state.js';
import type { TrackAudioSink } from '../media/track-audio-sink.js';
import { Backoff } from '../async/backoff.js';
import { withTimeout } from '../async/with-timeout.js';
import { sleep } from '../async/sleep.js';
import { orAborted } from '../async/or-aborted.js';
import { TrackSubscription } from './track-subscription.js';
import { RoomConnection, type ConnectionFailure } from './room-connection.js';
import type { ProcessPool } from './process-pool.js';
import type { RoomCredential, RoomCredentials } from './room-credentials.js';
import { reasonOf } from './failure-reasons.js';

export interface RoomSubscriptionOptions {
  readonly sessionId: string;
  readonly room: string;
  readonly credentials: RoomCredentials;
  readonly pool: ProcessPool;
  readonly sink: TrackAudioSink;
  /** Called when a track that should be heard is heard no more. */
  readonly onSoundStopped: () => void;
  /** Called when no process of this installation can join rooms. */
  readonly onUnusable: () => void;
}

const BACKOFF = { baseMs: 300, capMs: 15_000 };
const JOINED_WITHIN_MS = 10_000;
/** A presence that lasted so long was well, so its loss is no reason to wait. */
const WELL_AFTER_MS = 5_000;
/** How long the former presence still hears beside the new one, at most. */
const OVERLAP_MS = 3_000;
/** For how long a seat is kept without a track: who publishes again is heard sooner. */
const IDLE_MS = 10_000;

/** Our place in the room of one session: somebody of ours is in it, and is replaced when he is lost, as long as it is needed. */
export class RoomSubscription {
  readonly #logger = new Logger(RoomSubscription.name);
  readonly #options: RoomSubscriptionOptions;
  readonly #closing = new AbortController();
  readonly #carriages = new Set<TrackSubscription>();
  readonly #backoff = new Backoff(BACKOFF, Math.random);
  #presence: RoomConnection | undefined;
  #order = 0;
  #trouble: ConnectionFailure | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(options: RoomSubscriptionOptions) {
    this.#options = options;
    void this.#run();
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Undefined when the track is carried already. */
  subscribe(track: TrackToTranscribe): TrackSubscription | undefined {
    const former = [...this.#carriages].find((carriage) => carriage.track.trackSid === track.trackSid);
    if (former?.closing === false) return undefined;
    clearTimeout(this.#idle);
    const carriage: TrackSubscription = new TrackSubscription(
      track,
      this.#options.sink,
      (why) => this.#drop(carriage, why),
      () => this.#stateOf(carriage),
    );
    carriage.onReceiving((heard) => {
      if (!heard && !carriage.closing) this.#options.onSoundStopped();
    });
    this.#carriages.add(carriage);
    this.#presence?.subscribe(carriage);
    return carriage;
  }

  /** By track SID. */
  reports(): ReadonlyMap<string, ShownTrackState> {
    const ours = [...this.#carriages].filter(({ handedOver }) => !handedOver);
    return new Map(ours.map((carriage) => [carriage.track.trackSid, shownTrackState(carriage.state)]));
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#idle);
    this.#closing.abort();
  }

  #stateOf(carriage: TrackSubscription): TrackState {
    const restarts = carriage.interruptions;
    if (carriage.closing) return { state: 'draining', restarts };
    if (carriage.receiving) return { state: 'streaming', restarts };
    if (carriage.deniedReason !== undefined) return { state: 'failed', reason: carriage.deniedReason, restarts };
    const more = { ...(this.#trouble !== undefined && { reason: reasonOf(this.#trouble) }), restarts };
    if (this.#trouble === 'refused' || this.#trouble === 'unusable') return { state: 'failed', ...more };
    return carriage.hasReceived ? { state: 'restarting', noSocket: false, ...more } : { state: 'starting', ...more };
  }

  #drop(carriage: TrackSubscription, why: SubscriptionEndReason): void {
    this.#presence?.unsubscribe(carriage);
    this.#carriages.delete(carriage);
    if (this.#carriages.size > 0) return;
    if (why === 'session-over') this.close();
    else this.#idle = setTimeout(() => this.close(), IDLE_MS).unref();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!this.closed) {
      const presence = await this.#enter();
      const waitMs = presence === undefined ? this.#backoff.nextMs() : await this.#stay(presence);
      await sleep(waitMs, signal);
    }
    this.#leave(this.#presence);
  }

  /** Joins the room. Undefined when that fails, or the seat is not needed any more. */
  async #enter(): Promise<RoomConnection | undefined> {
    const { credentials, room, sessionId } = this.#options;
    try {
      const entry = await withTimeout(credentials.create(room, sessionId), JOINED_WITHIN_MS, 'late' as const);
      if (entry === undefined || entry === 'late') this.#fail(entry ? 'unreachable' : 'room-closed');
      else return await this.#join(entry);
    } catch (error) {
      this.#fail('unreachable', errorKind(error));
    }
    return undefined;
  }

  async #join(entry: RoomCredential): Promise<RoomConnection | undefined> {
    const process = this.closed ? undefined : this.#options.pool.take();
    if (process === undefined) return undefined;
    const presence = new RoomConnection(process, entry, ++this.#order);
    const outcome = await withTimeout(
      Promise.race([presence.joined, presence.failure]),
      JOINED_WITHIN_MS,
      'unreachable' as const,
      this.#closing.signal,
    );
    if (outcome === undefined && !this.closed) return presence;
    this.#leave(presence);
    if (outcome !== undefined && !this.closed) this.#fail(outcome);
    return undefined;
  }

  /** Stays until the presence is to be replaced, and resolves with how long to wait then. */
  async #stay(presence: RoomConnection): Promise<number> {
    const joinedAtMs = performance.now();
    this.#settle(presence);
    const trouble = await orAborted(presence.failure, this.#closing.signal);
    if (trouble === undefined) return 0;
    this.#fail(trouble);
    if (trouble !== 'leaking') this.#leave(presence);
    if (performance.now() - joinedAtMs < WELL_AFTER_MS) return this.#backoff.nextMs();
    this.#backoff.reset();
    return 0;
  }

  /** From now on this presence hears; the former one leaves when that is so. */
  #settle(presence: RoomConnection): void {
    const former = this.#presence;
    this.#presence = presence;
    this.#trouble = undefined;
    for (const carriage of this.#carriages) presence.subscribe(carriage);
    if (former === undefined) return;
    void withTimeout(presence.allReceiving(), OVERLAP_MS, undefined).then(() => {
      this.#leave(former);
    });
  }

  #leave(presence: RoomConnection | undefined): void {
    if (presence === undefined) return;
    this.#options.pool.release(presence.leave());
  }

  #fail(trouble: ConnectionFailure, detail?: string): void {
    this.#trouble = trouble;
    const why = reasonOf(trouble);
    this.#logger.warn(`session ${this.#options.sessionId}: ${why}${detail === undefined ? '' : ` (${detail})`}`);
    if (trouble !== 'unusable') return;
    this.#options.onUnusable();
    for (const carriage of this.#carriages) carriage.refuse(why);
  }
}
