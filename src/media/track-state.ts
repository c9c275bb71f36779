/**
 * The state of reception of one track. `GET /sessions/{id}` shows the same names.
 * - `waiting-for-egress-slot`: all egresses that the account allows are in use
 * - `starting`: requested, and nothing received yet
 * - `restarting`: the stream was lost or could not be started, and is started again
 * - `failed`: no source can receive it until the configuration or the room changes
 * - `draining`: the track has ended, and audio on its way still arrives
 */
export type TrackState =
  | {
      readonly state: 'waiting-for-egress-slot' | 'starting' | 'streaming' | 'failed' | 'draining' | 'ended';
      /** For people who look after the service: no secrets, no names. No decision depends on it. */
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

/** A state as `GET /sessions/{id}` shows it. */
export type ShownTrackState = {
  readonly state: TrackState['state'];
  readonly reason?: string;
  readonly restarts?: number;
};

export function shownTrackState({ state, reason, restarts }: TrackState): ShownTrackState {
  return { state, ...(reason !== undefined && { reason }), ...(restarts !== undefined && { restarts }) };
}
