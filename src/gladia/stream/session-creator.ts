import type { LiveV2InitRequest } from '@gladiaio/sdk';
import type { Backoff } from '../../async/backoff.js';
import { sleep } from '../../async/sleep.js';
import type { CreatedSession, GladiaApi } from '../api/gladia-api.js';
import { GladiaError } from '../api/gladia-error.js';
import type { RemoteSessionCleanup } from './remote-session-cleanup.js';
import type { SessionSlot, SessionSlots } from './session-slots.js';
import type { StreamState } from '../../transcription/stream-state.js';

export interface GrantedSession extends CreatedSession {
  /** Gives the slot back. Call it when the session is over. */
  release(): void;
}

/** What is asked for, and for whom. */
export interface SessionSpec {
  readonly sessionId: string;
  readonly body: LiveV2InitRequest;
  readonly region: string | undefined;
}

/** The session that still works while the next one is asked for. */
export interface Predecessor {
  /** While it is, trouble in asking is not yet the stream’s trouble. */
  isWell(): boolean;
  /** Gladia has no room for another beside it: it is to end. May be told again. */
  yieldSlot(): void;
}

const NOBODY: Predecessor = { isWell: () => false, yieldSlot: () => undefined };

/** Asks Gladia for sessions until it grants one or says that it never will. */
export class SessionCreator {
  readonly #ids = new Set<string>();
  /** A request got no answer: Gladia may have made a session that nobody knows of. */
  #mayHaveOrphan = false;

  constructor(
    private readonly api: GladiaApi,
    private readonly slots: SessionSlots,
    private readonly backoff: Backoff,
    private readonly state: StreamState,
    private readonly leftovers: RemoteSessionCleanup,
    private readonly wanted: SessionSpec,
  ) {}

  /** Resolves to `undefined` when Gladia refuses for good, or the signal came first. */
  async next(signal: AbortSignal, before = NOBODY): Promise<GrantedSession | undefined> {
    if (!before.isWell()) this.#tellOfWaiting();
    let slot = await this.slots.take(signal);
    while (slot !== undefined) {
      try {
        return await this.#create(slot, signal);
      } catch (error) {
        if (!(error instanceof GladiaError)) {
          slot.release();
          throw error;
        }
        if (!before.isWell()) this.#tell(error);
        else if (error.kind === 'busy') before.yieldSlot();
        slot = await this.#afterRefusal(error, slot, signal);
      }
    }
    this.#seekOrphans();
    return undefined;
  }

  #seekOrphans(): void {
    if (this.#mayHaveOrphan) void this.leftovers.seekOrphans(this.wanted.sessionId, this.#ids);
    this.#mayHaveOrphan = false;
  }

  async #create(slot: SessionSlot, signal: AbortSignal): Promise<GrantedSession> {
    const created = await this.api.createSession(this.wanted.body, signal, this.wanted.region);
    this.slots.granted(slot);
    this.state.counters.engineSessions += 1;
    this.#ids.add(created.id);
    this.leftovers.granted(created.id, this.wanted.sessionId);
    this.#seekOrphans();
    return { ...created, release: () => slot.release() };
  }

  /** The slot to try again with. Who is refused for lack of room stays first in line; who waits otherwise keeps it. */
  async #afterRefusal(error: GladiaError, slot: SessionSlot, signal: AbortSignal): Promise<SessionSlot | undefined> {
    const delayMs = this.backoff.nextMs(error.retryAfterMs);
    if (error.retryAfterMs > 0) this.slots.waitAtLeast(delayMs);
    if (error.status === undefined) this.#mayHaveOrphan = true;
    if (error.kind === 'busy') return this.slots.retake(slot, signal, delayMs);
    if (error.kind !== 'refused') await sleep(delayMs, signal);
    if (error.kind !== 'refused' && !signal.aborted) return slot;
    slot.release();
    return undefined;
  }

  #tellOfWaiting(): void {
    if (this.slots.isFull) this.state.enter('waiting-for-slot', 'all Gladia sessions of this service are in use');
    else if (this.slots.isPaused) this.state.enter('waiting-for-slot', 'Gladia asked this service to wait');
  }

  #tell({ kind, reason, problems }: GladiaError): void {
    const state = { refused: 'refused', busy: 'waiting-for-slot', unavailable: 'reconnecting' } as const;
    this.state.enter(state[kind], [reason, ...problems].join('; '));
  }
}
