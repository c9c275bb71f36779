import type { AudioSourceName, SubscribeOptions } from '../media/audio-source.js';
import type { TrackState } from '../media/track-state.js';
import type { EgressSlots } from './egress-slots.port.js';
import type { EgressApi, EgressInput } from './egress-api.js';
import type { EgressCircuit } from './egress-circuit.js';

export type EgressRunState = TrackState['state'];

export interface EgressRunOptions {
  readonly sessionId: string;
  readonly room: string;
  readonly source: AudioSourceName;
  readonly input: EgressInput;
  /** Whose sound it is; the whole room's has one name of its own. */
  readonly trackSids: readonly string[];
  readonly api: EgressApi;
  readonly slots: EgressSlots;
  readonly circuit: EgressCircuit;
  readonly whenFull: NonNullable<SubscribeOptions['whenFull']>;
  /** Where it dials, without the query. */
  readonly path: string;
  /** A number that no other attempt of this process has, and the address that Egress dials in it. */
  readonly nextAttempt: () => { readonly number: number; readonly address: string };
  /** What has to be over before it begins: the last egress of the same track. */
  readonly after?: Promise<void>;
  /** How long Egress may take to open its socket, and to close it after it was asked to stop. */
  readonly socketTimeoutMs?: number;
}
