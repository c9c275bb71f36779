export interface GladiaAccount {
  readonly apiKey: string;
  /** Origin of the HTTP API. */
  readonly apiUrl: string;
  readonly region?: string | undefined;
  /** How many sessions the account may have open at once; unset: as many as Gladia grants. */
  readonly maxSessions?: number | undefined;
  readonly model: string;
  /** Seconds of silence that close an utterance. */
  readonly endpointingS: number;
  /** Seconds after which an utterance is closed without silence. */
  readonly maxDurationS: number;
  /** Seconds of sound that are kept while Gladia is away. */
  readonly audioLogS: number;
  /** How long the end of a session may take, beyond what is left to send. */
  readonly drainTimeoutMs: number;
}

/** The client's own pace, in milliseconds. Not for operators; tests shorten it. */
export interface GladiaTimings {
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  /** After a reconnect the server may first tell what it had to tell before; until then nothing is sent. */
  readonly listenFirstMs: number;
  /** Sound goes out in pieces of this length: a whole number of mix frames. */
  readonly chunkMs: number;
  readonly pingEveryMs: number;
  /** Without an acknowledgment, or without room in the socket, for this long: the connection is taken for dead. */
  readonly silenceTimeoutMs: number;
  /** Gladia hangs up after 30 s without sound. */
  readonly keepAliveMs: number;
  readonly backoff: { readonly baseMs: number; readonly capMs: number };
  /** A connection that holds this long, with something acknowledged, counts as a success. */
  readonly stableMs: number;
  /** Gladia ends a session after 3 h. */
  readonly rotateAfterMs: number;
  readonly pollEveryMs: number;
  /** How long a health answer is reused. */
  readonly healthCacheMs: number;
}

const GLADIA_TIMINGS: GladiaTimings = {
  requestTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
  listenFirstMs: 200,
  chunkMs: 40,
  pingEveryMs: 5_000,
  silenceTimeoutMs: 10_000,
  keepAliveMs: 20_000,
  backoff: { baseMs: 300, capMs: 15_000 },
  stableMs: 5_000,
  rotateAfterMs: 170 * 60_000,
  pollEveryMs: 1_000,
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
