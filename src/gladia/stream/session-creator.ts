import type { LiveV2InitRequest } from '@gladiaio/sdk';
import type { Backoff } from '../../async/backoff.js';
import { sleep } from '../../async/sleep.js';
import type { StreamState } from '../../transcription/stream-state.js';
import type { CreatedSession, GladiaApi } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import type { GladiaSettings } from '../api/gladia-settings.js';
import type { ServerObservations } from './gladia-connection.js';
import type { RemoteSessionCleanup } from './remote-session-cleanup.js';
import type { SessionSlot, SessionSlots } from './session-slots.js';

/** What all streams of one Gladia account share. */
export interface GladiaAccess {
  readonly settings: GladiaSettings;
  readonly api: GladiaApi;
  readonly slots: SessionSlots;
  readonly cleanup: RemoteSessionCleanup;
  readonly server: ServerObservations;
}

export interface GrantedSession extends CreatedSession {
  /** Releases the slot. Call it when the session has ended. */
  release(): void;
}

/** What is requested, and for which of our sessions. */
interface SessionSpec {
  readonly sessionId: string;
  readonly body: LiveV2InitRequest;
  readonly region: string | undefined;
}

/** The Gladia session that still works while the next one is created. */
interface Predecessor {
  /** As long as it is, a refused request does not change the state of the stream. */
  isHealthy(): boolean;
  /** Gladia has no room for another session beside it: it is to end. May be called again. */
  yieldSlot(): void;
}

const NO_PREDECESSOR: Predecessor = { isHealthy: () => false, yieldSlot: () => undefined };

/** Creates Gladia sessions for one stream: retries until Gladia grants one or refuses for good. */
export class SessionCreator {
  readonly #ids = new Set<string>();
  /** A request got no answer: Gladia may have created a session that nobody knows of. */
  #mayHaveOrphan = false;

  constructor(
    private readonly access: GladiaAccess,
    private readonly spec: SessionSpec,
    private readonly backoff: Backoff,
    private readonly state: StreamState,
  ) {}

  /** Resolves to undefined when Gladia refuses for good, or the signal came first. */
  async create(signal: AbortSignal, predecessor = NO_PREDECESSOR): Promise<GrantedSession | undefined> {
    if (!predecessor.isHealthy()) this.#reportWaiting();
    let slot = await this.access.slots.acquire(signal);
    while (slot !== undefined) {
      try {
        return await this.#request(slot, signal);
      } catch (error) {
        if (!(error instanceof GladiaError)) {
          slot.release();
          throw error;
        }
        if (!predecessor.isHealthy()) this.#reportRefusal(error);
        else if (error.kind === 'busy') predecessor.yieldSlot();
        slot = await this.#slotAfter(error, slot, signal);
      }
    }
    this.#deleteOrphans();
    return undefined;
  }

  #deleteOrphans(): void {
    if (this.#mayHaveOrphan) void this.access.cleanup.deleteOrphans(this.spec.sessionId, this.#ids);
    this.#mayHaveOrphan = false;
  }

  async #request(slot: SessionSlot, signal: AbortSignal): Promise<GrantedSession> {
    const { api, slots, cleanup } = this.access;
    const created = await api.createSession(this.spec.body, signal, this.spec.region);
    slots.confirm(slot);
    this.state.counters.engineSessions += 1;
    this.#ids.add(created.id);
    cleanup.created(created.id, this.spec.sessionId);
    this.#deleteOrphans();
    return { ...created, release: () => slot.release() };
  }

  /**
   * The slot for the next attempt; undefined when there is to be none. Who was refused for lack of room stays first in the
   * queue for one; who waits for another reason keeps the slot.
   */
  async #slotAfter(error: GladiaError, slot: SessionSlot, signal: AbortSignal): Promise<SessionSlot | undefined> {
    const { slots } = this.access;
    const delayMs = this.backoff.nextMs(error.retryAfterMs);
    if (error.retryAfterMs > 0) slots.pauseFor(delayMs);
    if (error.status === undefined) this.#mayHaveOrphan = true;
    if (error.kind === 'busy') return slots.reacquire(slot, signal, delayMs);
    if (error.kind !== 'refused') await sleep(delayMs, signal);
    if (error.kind !== 'refused' && !signal.aborted) return slot;
    slot.release();
    return undefined;
  }

  #reportWaiting(): void {
    const { slots } = this.access;
    if (slots.isFull) this.state.enter('waiting-for-slot', 'all Gladia sessions of this service are in use');
    else if (slots.isPaused) this.state.enter('waiting-for-slot', 'Gladia asked this service to wait');
  }

  #reportRefusal({ kind, reason, problems }: GladiaError): void {
    const state = { refused: 'refused', busy: 'waiting-for-slot', unavailable: 'reconnecting' } as const;
    this.state.enter(state[kind], [reason, ...problems].join('; '));
  }
}
