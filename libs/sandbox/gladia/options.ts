/** How acknowledgments are given. All but the first three are faults. */
export type AckMode =
  'perChunk' | 'coalesce' | 'none' | 'duplicate' | 'negative' | 'beyond' | 'nullData' | 'refused' | 'outOfOrder';

/** What becomes of finals. */
export type FinalMode = 'normal' | 'never' | 'twice' | 'changed' | 'empty' | 'withoutWords' | 'beforePartials';

/** How a session ends after its finals. */
export type PostMode = 'normal' | 'hang' | 'noClose' | 'noEndSession';

/** Every knob; all may be turned while the sandbox runs, by `sandbox.options` or `POST /__sandbox/options`. */
export interface GladiaSandboxOptions {
  port: number;
  /** Accepted keys; undefined accepts any. */
  apiKeys: readonly string[] | undefined;
  /** Live sessions a key may have. */
  maxSessions: number;
  /** `Retry-After` of a 429, seconds. */
  retryAfter: number | undefined;
  /** When a session begins to count against `maxSessions`. */
  slotFrom: 'post' | 'socket';
  ackDelayMs: number;
  ackMode: AckMode;
  /** Where the byte counter stands after a reconnect. `acked` forgets what was received but not acknowledged. */
  resumeOffset: 'received' | 'acked' | 'reset';
  rangeMode: 'halfOpen' | 'inclusive';
  /** Without a chunk for so long, the session ends with 4408; goes on while no socket is open. */
  idleMs: number;
  maxSessionMs: number;
  maxSessionCloseCode: number;
  /** From the POST to the first socket. */
  tokenTtlMs: number;
  /** Without speech for so long, the session ends with 4504. */
  noSpeechMs: number;
  partialEveryMs: number;
  finalDelayMs: number;
  postDelayMs: number;
  frameLimitBytes: number;
  pingEveryMs: number;
  leadingSpace: boolean;
  sendStartSession: boolean;
  /** What is sent for a message that is not understood: nothing, an `error` message, or a refused acknowledgment. */
  errorFrame: 'none' | 'skill' | 'ack';
  secondSocket: 'replace' | 'reject' | 'both';
  detachedMessages: 'drop' | 'queue' | 'replay';
  endedUpgrade: 'close4403' | 'http403';
  finals: FinalMode;
  partials: boolean;
  post: PostMode;
  /** Added to every `created_at`. */
  clockSkewMs: number;
  /** Whether the `url` of a new session is absolute. */
  sessionUrl: 'absolute' | 'relative';
  /** How long `GET /v2/live/{id}` answers 404 after a session has ended. */
  resultMissingMs: number;
}

export const defaultOptions: GladiaSandboxOptions = {
  port: 0,
  apiKeys: undefined,
  maxSessions: Infinity,
  retryAfter: undefined,
  slotFrom: 'post',
  ackDelayMs: 20,
  ackMode: 'perChunk',
  resumeOffset: 'received',
  rangeMode: 'halfOpen',
  idleMs: 30_000,
  maxSessionMs: 10_800_000,
  maxSessionCloseCode: 1000,
  tokenTtlMs: 600_000,
  noSpeechMs: Infinity,
  partialEveryMs: 300,
  finalDelayMs: 400,
  postDelayMs: 1_000,
  frameLimitBytes: 1_048_576,
  pingEveryMs: 0,
  leadingSpace: true,
  sendStartSession: false,
  errorFrame: 'none',
  secondSocket: 'replace',
  detachedMessages: 'queue',
  endedUpgrade: 'close4403',
  finals: 'normal',
  partials: true,
  post: 'normal',
  clockSkewMs: 0,
  sessionUrl: 'absolute',
  resultMissingMs: 0,
};
