import type { BackoffRange } from '../../async/backoff.js';

export interface GladiaAccount {
  readonly apiKey: string;
  /** Origin of the HTTP API. */
  readonly apiUrl: string;
  readonly region?: string | undefined;
  /** How many sessions the account may have open at once; unset: as many as Gladia accepts. */
  readonly maxSessions?: number | undefined;
  readonly model: string;
  /** Seconds of silence that close an utterance. */
  readonly endpointingS: number;
  /** Seconds after which an utterance is closed without silence. */
  readonly maxDurationS: number;
  /** Seconds of audio that are kept in memory while Gladia is away. */
  readonly audioLogS: number;
  /** Seconds of audio that are kept on disk beyond that; 0 or unset: none. */
  readonly spillS?: number | undefined;
  readonly spillDirectory?: string | undefined;
  /** After this long without speech a session releases its slot; 0 or unset: never. */
  readonly idleReleaseMs?: number | undefined;
  /** Whether audio and text of a session that has ended are deleted at Gladia. */
  readonly deletes?: boolean | undefined;
  /** Hosts outside the API's domain on which sockets may be opened. */
  readonly socketHosts?: readonly string[] | undefined;
  /** How long the end of a session may take, beyond what is left to send. */
  readonly drainTimeoutMs: number;
}

/** The driver's timeouts and intervals, in milliseconds. Not for operators; tests shorten them. */
export interface GladiaTimings {
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** After a reconnect, nothing is sent for this long: late acknowledgments of the connection before may come first. */
  readonly listenFirstMs: number;
  /** Audio is sent in chunks of this length: a whole number of mix frames. */
  readonly chunkMs: number;
  /** A connection is dead when a ping has no pong before the next one is due. */
  readonly pingEveryMs: number;
  /** A connection is dead when nothing was acknowledged, or the socket was full, for this long. */
  readonly silenceTimeoutMs: number;
  /** Gladia closes a connection after 30 s without audio: an empty chunk is sent before that. */
  readonly keepAliveMs: number;
  readonly backoff: BackoffRange;
  /** A connection that lasted this long, with something acknowledged, counts as a success. */
  readonly stableMs: number;
  /** Gladia ends a session after 3 h, of the clock or of audio. At this age the next one is started in the next pause. */
  readonly rotateAfterMs: number;
  /** At this age, the next one is started even in the middle of speech. */
  readonly rotateLatestMs: number;
  /** Silence that counts as a pause. */
  readonly pauseMs: number;
  /** Audio that both sessions get on either side of a cut point, so that one of them gets each word whole. */
  readonly overlapMs: number;
  /** How often age and silence of a session are checked. */
  readonly checkEveryMs: number;
  readonly deletion: { readonly giveUpAfterMs: number; readonly backoff: BackoffRange };
  /** For how long, and how often, a result that is not ready is fetched. */
  readonly polling: { readonly giveUpAfterMs: number; readonly backoff: BackoffRange };
  /** How long the answer of a health probe is reused. */
  readonly healthCacheMs: number;
}

const GLADIA_TIMINGS: GladiaTimings = {
  requestTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
  listenFirstMs: 200,
  chunkMs: 40,
  pingEveryMs: 4_000,
  silenceTimeoutMs: 8_000,
  keepAliveMs: 20_000,
  backoff: { baseMs: 250, capMs: 15_000 },
  stableMs: 5_000,
  rotateAfterMs: 165 * 60_000,
  rotateLatestMs: 172 * 60_000,
  pauseMs: 500,
  overlapMs: 1_000,
  checkEveryMs: 200,
  deletion: { giveUpAfterMs: 6 * 3_600_000, backoff: { baseMs: 5_000, capMs: 300_000 } },
  polling: { giveUpAfterMs: 6 * 3_600_000, backoff: { baseMs: 1_000, capMs: 30_000 } },
  healthCacheMs: 30_000,
};

export class GladiaSettings {
  readonly timings: GladiaTimings;

  constructor(
    readonly account: GladiaAccount,
    timings: Partial<GladiaTimings> = {},
    /** 0..1, for jitter. */
    readonly random: () => number = Math.random,
  ) {
    this.timings = { ...GLADIA_TIMINGS, ...timings };
  }
}
