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
import { FAILURE_REASONS, RoomConnection, type ConnectionFailure } from './room-connection.js';
import type { ProcessPool } from './process-pool.js';
import type { RoomCredential, RoomCredentials } from './room-credentials.js';

export interface RoomSubscriptionOptions {
  readonly sessionId: string;
  readonly room: string;
  readonly credentials: RoomCredentials;
  readonly pool: ProcessPool;
  readonly sink: TrackAudioSink;
  /** Called when the audio of a track that is still wanted stops. */
  readonly onSoundStopped: () => void;
  /** Called when no process of this installation can join rooms. */
  readonly onUnusable: () => void;
}

const BACKOFF = { baseMs: 300, capMs: 15_000 };
const JOINED_WITHIN_MS = 10_000;
/** A connection that lasted this long was healthy: its loss is followed by a new one without delay. */
const HEALTHY_AFTER_MS = 5_000;
/** How long a connection goes on receiving beside the one that replaces it, at most. */
const OVERLAP_MS = 3_000;
/** How long the room is kept without a track, so that a track published again starts sooner. */
const IDLE_MS = 10_000;

/**
 * Receives the tracks of one session's room. It keeps one hidden participant in the room, and replaces its connection when
 * it is lost, as long as any track is needed.
 */
export class RoomSubscription {
  readonly #logger = new Logger(RoomSubscription.name);
  readonly #options: RoomSubscriptionOptions;
  readonly #closing = new AbortController();
  readonly #tracks = new Set<TrackSubscription>();
  readonly #backoff = new Backoff(BACKOFF, Math.random);
  #connection: RoomConnection | undefined;
  #connections = 0;
  #failure: ConnectionFailure | undefined;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(options: RoomSubscriptionOptions) {
    this.#options = options;
    void this.#run();
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  /** Undefined when the track is subscribed to already. */
  subscribe(track: TrackToTranscribe): TrackSubscription | undefined {
    const former = [...this.#tracks].find((each) => each.track.trackSid === track.trackSid);
    if (former?.closing === false) return undefined;
    clearTimeout(this.#idleTimer);
    const subscription: TrackSubscription = new TrackSubscription(
      track,
      this.#options.sink,
      (why) => this.#unsubscribe(subscription, why),
      () => this.#stateOf(subscription),
    );
    subscription.onReceiving((isReceiving) => {
      if (!isReceiving && !subscription.closing) this.#options.onSoundStopped();
    });
    this.#tracks.add(subscription);
    this.#connection?.subscribe(subscription);
    return subscription;
  }

  /** The state of each track, by SID. */
  reports(): ReadonlyMap<string, ShownTrackState> {
    const ours = [...this.#tracks].filter(({ handedOver }) => !handedOver);
    return new Map(ours.map(({ track, state }) => [track.trackSid, shownTrackState(state)]));
  }

  /** Idempotent. */
  close(): void {
    clearTimeout(this.#idleTimer);
    this.#closing.abort();
  }

  #stateOf(subscription: TrackSubscription): TrackState {
    const { deniedReason, interruptions: restarts } = subscription;
    if (subscription.closing) return { state: 'draining', restarts };
    if (subscription.receiving) return { state: 'streaming', restarts };
    if (deniedReason !== undefined) return { state: 'failed', reason: deniedReason, restarts };
    const failure = this.#failure;
    const more = { ...(failure !== undefined && { reason: FAILURE_REASONS[failure] }), restarts };
    if (failure === 'refused' || failure === 'unusable') return { state: 'failed', ...more };
    return subscription.hasReceived
      ? { state: 'restarting', noSocket: false, ...more }
      : { state: 'starting', ...more };
  }

  #unsubscribe(subscription: TrackSubscription, why: SubscriptionEndReason): void {
    this.#connection?.unsubscribe(subscription);
    this.#tracks.delete(subscription);
    if (this.#tracks.size > 0) return;
    if (why === 'session-over') this.close();
    else this.#idleTimer = setTimeout(() => this.close(), IDLE_MS).unref();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!this.closed) {
      const connection = await this.#connect();
      const waitMs = connection === undefined ? this.#backoff.nextMs() : await this.#use(connection);
      await sleep(waitMs, signal);
    }
    this.#leave(this.#connection);
  }

  /** Joins the room. Undefined when that fails, or when no track is needed any more. */
  async #connect(): Promise<RoomConnection | undefined> {
    const { credentials, room, sessionId } = this.#options;
    try {
      const credential = await withTimeout(credentials.create(room, sessionId), JOINED_WITHIN_MS, 'late' as const);
      if (credential === undefined || credential === 'late') this.#fail(credential ? 'unreachable' : 'room-closed');
      else return await this.#join(credential);
    } catch (error) {
      this.#fail('unreachable', errorKind(error));
    }
    return undefined;
  }

  async #join(credential: RoomCredential): Promise<RoomConnection | undefined> {
    const process = this.closed ? undefined : this.#options.pool.acquire();
    if (process === undefined) return undefined;
    const connection = new RoomConnection(process, credential, ++this.#connections);
    const failure = await withTimeout(
      Promise.race([connection.joined, connection.failure]),
      JOINED_WITHIN_MS,
      'unreachable' as const,
      this.#closing.signal,
    );
    if (failure === undefined && !this.closed) return connection;
    this.#leave(connection);
    if (failure !== undefined && !this.closed) this.#fail(failure);
    return undefined;
  }

  /** Receives over this connection until it is to be replaced. Resolves with how long to wait before the next one. */
  async #use(connection: RoomConnection): Promise<number> {
    const joinedAtMs = performance.now();
    this.#switchTo(connection);
    const failure = await orAborted(connection.failure, this.#closing.signal);
    if (failure === undefined) return 0;
    this.#fail(failure);
    if (failure !== 'leaking') this.#leave(connection);
    if (performance.now() - joinedAtMs < HEALTHY_AFTER_MS) return this.#backoff.nextMs();
    this.#backoff.reset();
    return 0;
  }

  /** Subscribes to all tracks over the new connection; the former one leaves once they are received. */
  #switchTo(connection: RoomConnection): void {
    const former = this.#connection;
    this.#connection = connection;
    this.#failure = undefined;
    for (const subscription of this.#tracks) connection.subscribe(subscription);
    if (former === undefined) return;
    void withTimeout(connection.allReceiving(), OVERLAP_MS, undefined).then(() => {
      this.#leave(former);
    });
  }

  #leave(connection: RoomConnection | undefined): void {
    if (connection === undefined) return;
    this.#options.pool.release(connection.leave());
  }

  #fail(failure: ConnectionFailure, detail?: string): void {
    this.#failure = failure;
    const reason = FAILURE_REASONS[failure];
    this.#logger.warn(`session ${this.#options.sessionId}: ${reason}${detail === undefined ? '' : ` (${detail})`}`);
    if (failure !== 'unusable') return;
    this.#options.onUnusable();
    for (const subscription of this.#tracks) subscription.refuse(reason);
  }
}
