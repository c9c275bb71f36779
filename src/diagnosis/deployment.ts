import type { Config } from '../config/config.js';
import { DOCTOR_ROOM_PREFIX } from '../livekit/doctor-rooms.js';
import type { ReachabilityProbe } from '../livekit/reachability-probe.js';
import type { Answer } from './asking/ask.js';
import { LiveKitCalls } from './asking/livekit-calls.js';
import type { Fault } from './asking/network-fault.js';

/** What costs something and is done only when it is asked for. */
export interface CostlyLooks {
  /** The room in which an egress may be started; it is made and deleted where there is none of that name. */
  readonly probeRoom?: string;
  /** Whether a Gladia session may be opened for a moment. */
  readonly gladiaSession: boolean;
}

/** Who is to be found where Egress dials. */
export type Listener =
  /** This process: it serves the gateway. */
  | { readonly kind: 'this-process' }
  /** A service that runs beside us: its own address, past every proxy. */
  | { readonly kind: 'service'; readonly gatewayUrl: string }
  /** Nobody, and the port cannot be listened at meanwhile. */
  | { readonly kind: 'none' };

/** A deployment under examination. Whatever several rows need is asked once. */
export class Deployment {
  readonly livekit: LiveKitCalls;
  #rooms: Promise<Answer | Fault> | undefined;

  constructor(
    readonly config: Config,
    readonly probe: ReachabilityProbe,
    readonly listener: Listener,
    readonly costly: CostlyLooks = { gladiaSession: false },
    /** How long an answer is awaited, each time. */
    readonly patienceMs = 8_000,
  ) {
    this.livekit = new LiveKitCalls(config, patienceMs);
  }

  /** LiveKit's answer to the least that can be asked with our key. */
  rooms(): Promise<Answer | Fault> {
    this.#rooms ??= this.livekit.call('RoomService', 'ListRooms', { roomList: true }, { names: [DOCTOR_ROOM_PREFIX] });
    return this.#rooms;
  }

  /** Whether Egress is the way, or one of the ways, in which sound comes in. */
  get usesEgress(): boolean {
    return this.config.sessions.audioSource !== 'participant';
  }
}
