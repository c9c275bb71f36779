import type { Config } from '../config/config.js';
import { GladiaProbe } from '../gladia/gladia-probe.js';
import type { ReachabilityProbe } from '../livekit/reachability-probe.js';
import { LiveKitProbe } from './probes/livekit.js';

/** What is checked of the configuration. */
export type DeploymentConfig = Pick<
  Config,
  'audioLog' | 'egress' | 'gladia' | 'livekit' | 'publisher' | 'sessions' | 'speech'
>;

/** The token of a DeploymentConfig. */
export const DEPLOYMENT_CONFIG = 'DEPLOYMENT_CONFIG';

/** What costs something and is done only when it is asked for. */
export interface CostlyProbes {
  /** The room in which an egress may be started; it is made and deleted where there is none of that name. */
  readonly probeRoom?: string;
  /** Whether a Gladia session may be opened for a moment. */
  readonly gladiaSession: boolean;
}

/** Who should answer where Egress dials. */
export type Listener =
  /** This process: it serves the gateway. */
  | { readonly kind: 'this-process' }
  /** A service that runs beside us: its own address, past every proxy. */
  | { readonly kind: 'service'; readonly gatewayUrl: string }
  /** Nobody, and this process cannot listen at the port meanwhile. */
  | { readonly kind: 'none' };

/** The deployment under test: how it is configured, and probes of what it depends on. */
export class Deployment {
  readonly livekit: LiveKitProbe;
  readonly gladia: GladiaProbe;

  constructor(
    readonly config: DeploymentConfig,
    readonly reachProbe: ReachabilityProbe,
    readonly listener: Listener,
    readonly costly: CostlyProbes = { gladiaSession: false },
    /** How long each answer is awaited. */
    readonly timeoutMs = 8_000,
  ) {
    this.livekit = new LiveKitProbe(config.livekit, timeoutMs);
    this.gladia = new GladiaProbe({ ...config.gladia, ...config.audioLog }, config.speech.defaults, timeoutMs);
  }

  /** Whether LiveKit answers and takes the key, without which its other calls need not be tried. */
  async takesKey(): Promise<boolean> {
    return (await this.livekit.listRooms()).kind === 'ok';
  }

  /** Whether Egress is the way, or one of the ways, in which sound comes in. */
  get usesEgress(): boolean {
    return this.config.sessions.audioSource !== 'participant';
  }
}
