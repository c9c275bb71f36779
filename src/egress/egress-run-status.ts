import { shownTrackState, type ShownTrackState, type TrackState } from '../media/track-state.js';
import { lossReason, type EgressEnd } from './egress-api.js';

export type EgressRunState = TrackState['state'];

/** The state of one egress run, as it is reported, and whether audio arrives now. */
export class EgressRunStatus {
  readonly #listeners: ((receiving: boolean) => void)[] = [];
  state: EgressRunState = 'starting';
  /** Why it is not streaming, for operators. */
  reason: string | undefined;
  /** How often the stream was lost. */
  restarts = 0;
  /** Whether the last egress was started and never opened its WebSocket. */
  #noSocket = false;
  #receiving = false;

  get receiving(): boolean {
    return this.#receiving;
  }

  get trackState(): TrackState {
    const { state } = this;
    const more = { ...(this.reason !== undefined && { reason: this.reason }), restarts: this.restarts };
    return state === 'restarting' ? { state, noSocket: this.#noSocket, ...more } : { state, ...more };
  }

  /** What `GET /sessions/{id}` shows. */
  get shown(): ShownTrackState {
    return shownTrackState(this.trackState);
  }

  onReceiving(listener: (receiving: boolean) => void): void {
    this.#listeners.push(listener);
  }

  setReceiving(receiving: boolean): void {
    if (receiving === this.#receiving) return;
    this.#receiving = receiving;
    for (const listener of this.#listeners) listener(receiving);
  }

  streaming(): void {
    this.state = 'streaming';
    this.reason = undefined;
    this.#noSocket = false;
    this.setReceiving(true);
  }

  /** The WebSocket closed. @param end how the egress ended, if LiveKit has reported that */
  lost(end: EgressEnd | undefined): void {
    this.restarts += 1;
    this.state = 'restarting';
    this.reason = lossReason(end);
    this.#noSocket = false;
  }

  failed(reason: string, { isFinal, noSocket }: { isFinal: boolean; noSocket: boolean }): void {
    this.state = isFinal ? 'failed' : 'restarting';
    this.reason = reason;
    this.#noSocket = noSocket;
  }
}
