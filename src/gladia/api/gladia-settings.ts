import type { BackoffRange } from '../../async/backoff.js';

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
  /** Seconds of sound that are kept on disk beyond that; 0 or unset: none. */
  readonly spillS?: number | undefined;
  readonly spillDirectory?: string | undefined;
  /** A session without speech for so long gives its slot up; 0 or unset: never. */
  readonly idleReleaseMs?: number | undefined;
  /** Whether Gladia is to delete sound and text of a session that has ended. */
  readonly deletes?: boolean | undefined;
  /** Hosts outside the API's domain on which sockets may be opened. */
  readonly socketHosts?: readonly string[] | undefined;
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
  /** One that is not answered until the next is due: the connection is taken for dead. */
  readonly pingEveryMs: number;
  /** Without an acknowledgment, or without room in the socket, for this long: the connection is taken for dead. */
  readonly silenceTimeoutMs: number;
  /** Gladia hangs up after 30 s without sound. */
  readonly keepAliveMs: number;
  readonly backoff: BackoffRange;
  /** A connection that holds this long, with something acknowledged, counts as a success. */
  readonly stableMs: number;
  /** Gladia ends a session after 3 h, of the clock or of sound: from here on the next one begins in the next pause. */
  readonly rotateAfterMs: number;
  /** Without a pause until then, it begins in the middle of speech. */
  readonly rotateLatestMs: number;
  /** Silence that counts as a pause. */
  readonly pauseMs: number;
  /** What both sessions hear at a seam, on either side of it, so that each word is heard whole by one of them. */
  readonly overlapMs: number;
  /** How often age and silence are looked at. */
  readonly lookEveryMs: number;
  readonly deletion: { readonly giveUpAfterMs: number; readonly backoff: BackoffRange };
  /** For how long, and how often, a result that is not there yet is asked for. */
  readonly polling: { readonly giveUpAfterMs: number; readonly backoff: BackoffRange };
  /** How long a health answer is reused. */
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
  lookEveryMs: 200,
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
