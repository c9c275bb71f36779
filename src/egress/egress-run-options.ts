import type { AudioSourceName, SubscribeOptions } from '../media/audio-source.js';
import type { EgressSlots, SlotHolder } from './egress-slots.port.js';
import type { EgressApi, EgressInput } from './egress-api.js';
import type { EgressCircuit } from './egress-circuit.js';

export interface EgressRunOptions {
  readonly sessionId: string;
  readonly room: string;
  /** For whom its slot is held. */
  readonly holder: SlotHolder;
  readonly source: AudioSourceName;
  readonly input: EgressInput;
  /** The tracks that it sends; `ROOM_MIX_SID` for the whole room. */
  readonly trackSids: readonly string[];
  readonly api: EgressApi;
  readonly slots: EgressSlots;
  readonly circuit: EgressCircuit;
  readonly whenFull: NonNullable<SubscribeOptions['whenFull']>;
  /** The WebSocket address that it connects to, without the query. */
  readonly path: string;
  /** A number that no other attempt of this process has, and the address with the token for that attempt. */
  readonly nextAttempt: () => { readonly number: number; readonly address: string };
  /** Resolves when the previous run of the same track has ended; this run starts after that. */
  readonly after?: Promise<void>;
  /** How long Egress may take to open its WebSocket, and to close it after a stop. */
  readonly socketTimeoutMs?: number;
}
