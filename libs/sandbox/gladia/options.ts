/** How acknowledgments are given. All but the first three are faults. */
export type AckMode =
  | 'perChunk'
  | 'coalesce'
  | 'none'
  | 'duplicate'
  | 'negative'
  | 'beyond'
  | 'nullData'
  | 'refused'
  | 'outOfOrder'
  | 'burst';

/** What becomes of finals. */
export type FinalMode = 'normal' | 'never' | 'twice' | 'changed' | 'empty' | 'withoutWords' | 'beforePartials';

/** What becomes of translations, entities and sentiments. */
export type AddonMode = 'normal' | 'failed' | 'never';

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
  /** Whether sound is put into words at all; without that, it is only kept and acknowledged, which costs next to nothing. */
  recognises: boolean;
  partials: boolean;
  addons: AddonMode;
  /** From a final to its add-ons. */
  addonDelayMs: number;
  post: PostMode;
  /** Added to every `created_at`. */
  clockSkewMs: number;
  /** By how much the times of acknowledgments run ahead of the sound: 0.005 is half a percent. */
  ackTimeDrift: number;
  /** Every nth frame of sound is neither kept nor acknowledged; 0: none is lost. */
  loseEveryNthFrame: number;
  /** Whether utterance ids are counted from 0 again after each reconnect. */
  idsRestart: boolean;
  /** What messages call the channel of an utterance: itself, its mirror, or nothing. */
  channelNames: 'normal' | 'swapped' | 'missing';
  /** What the `url` of a new session is; `elsewhere` names a host that is not this one. */
  sessionUrl: 'absolute' | 'relative' | 'elsewhere';
  /** How long an ended session still counts against `maxSessions`. */
  slotLingersMs: number;
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
  recognises: true,
  partials: true,
  addons: 'normal',
  addonDelayMs: 0,
  post: 'normal',
  clockSkewMs: 0,
  ackTimeDrift: 0,
  loseEveryNthFrame: 0,
  idsRestart: false,
  channelNames: 'normal',
  sessionUrl: 'absolute',
  slotLingersMs: 0,
  resultMissingMs: 0,
};
