/**
 * Where the reception of one track is. `GET /sessions/{id}` shows the same names.
 * - `waiting-for-egress-slot`: all egresses that the account may have are taken
 * - `starting`: asked for, and nothing received yet
 * - `restarting`: the stream was lost, or could not be started, and is started again
 * - `failed`: nothing can receive it until somebody changes something
 * - `draining`: it is over, and what is on its way still comes
 */
export type TrackState =
  | {
      readonly state: 'waiting-for-egress-slot' | 'starting' | 'streaming' | 'failed' | 'draining' | 'ended';
      /** For people who look after the service: no secrets, no names. Nothing is decided by it. */
      readonly reason?: string;
      readonly restarts?: number;
    }
  | {
      readonly state: 'restarting';
      /** Whether an egress was started and never opened its WebSocket. */
      readonly noSocket: boolean;
      readonly reason?: string;
      readonly restarts?: number;
    };

/** What `GET /sessions/{id}` shows of a state. */
export type ShownTrackState = {
  readonly state: TrackState['state'];
  readonly reason?: string;
  readonly restarts?: number;
};

export function shownTrackState({ state, reason, restarts }: TrackState): ShownTrackState {
  return { state, ...(reason !== undefined && { reason }), ...(restarts !== undefined && { restarts }) };
}
