import type { LiveV2InitRequest } from '@gladiaio/sdk';
import type { Backoff } from '../waiting/backoff.js';
import type { CreatedSession, GladiaApi } from './gladia-api.js';
import { GladiaError } from './gladia-error.js';
import { pause } from '../waiting/pause.js';
import type { Slots } from './slots.js';
import type { StreamState } from './stream-state.js';

export interface GrantedSession extends CreatedSession {
  /** Gives the slot back. Call it when the session is over. */
  release(): void;
}

/** Asks Gladia for sessions until it grants one or says that it never will. */
export class SessionSource {
  constructor(
    private readonly api: GladiaApi,
    private readonly slots: Slots,
    private readonly backoff: Backoff,
    private readonly state: StreamState,
    private readonly request: LiveV2InitRequest,
  ) {}

  /**
   * Resolves to `undefined` when Gladia refuses for good, or the signal came first.
   * @param isWell whether the stream still has a session that works, so that trouble here is not yet its trouble
   */
  async next(signal: AbortSignal, isWell = () => false): Promise<GrantedSession | undefined> {
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      if (this.slots.isFull && !isWell())
        this.state.enter('waiting-for-slot', 'all Gladia sessions of this service are in use');
      const release = await this.slots.take(signal);
      if (release === undefined) return undefined;
      try {
        const created = await this.api.createSession(this.request, signal);
        this.state.counters.engineSessions += 1;
        return { ...created, release };
      } catch (error) {
        release();
        if (!(error instanceof GladiaError)) throw error;
        if (!isWell()) this.#tell(error);
        if (isOver() || error.kind === 'refused') return undefined;
        await pause(this.backoff.nextMs(error.retryAfterMs), signal);
      }
    }
    return undefined;
  }

  #tell({ kind, reason, problems }: GladiaError): void {
    const state = { refused: 'refused', busy: 'waiting-for-slot', unavailable: 'reconnecting' } as const;
    this.state.enter(state[kind], [reason, ...problems].join('; '));
  }
}
