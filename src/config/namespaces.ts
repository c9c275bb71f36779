import { getConfigToken } from '@nestjs/config';
import type { Environment } from './config-schema.js';
import type { SpeechOptions } from './speech-options.js';

/**
 * A group of settings, made from the checked environment and frozen. A class injects it by its token:
 * `@Inject(egressConfig.KEY) private readonly config: EgressConfig`.
 */
const namespace = <T extends object>(name: string, read: (env: Environment) => T) =>
  Object.assign((env: Environment): Readonly<T> => Object.freeze(read(env)), { KEY: getConfigToken(name) });

export const httpConfig = namespace('http', (env) => ({
  port: env.PORT,
  /** Empty: the caption page has no token of its own. */
  captionPageToken: env.CAPTION_PAGE_TOKEN ?? '',
  /** Pages of these origins may call the API from a browser; `*`: of all. */
  corsOrigins: env.CORS_ORIGINS,
  /** Whether a token needs roomRecord to start a session. */
  requireRoomRecord: env.REQUIRE_ROOM_RECORD === 'on',
  /** Whether `/docs` is served. */
  docs: env.DOCS === 'on' || (env.DOCS === 'auto' && env.NODE_ENV !== 'production'),
  /** False: audio is read by plain `ws`. */
  wsFastPath: env.WS_FAST_PATH === 'on',
}));
export type HttpConfig = ReturnType<typeof httpConfig>;

export const logConfig = namespace('log', (env) => ({ level: env.LOG_LEVEL, json: env.LOG_FORMAT === 'json' }));

/** Each of the two addresses follows from the other where only one is set. */
export const livekitConfig = namespace('livekit', (env) => ({
  apiKey: env.LIVEKIT_API_KEY,
  apiSecret: env.LIVEKIT_API_SECRET,
  /** Its signatures are valid too, while keys are being changed. */
  ...secondKey(env),
  /** The server API. */
  httpUrl: env.LIVEKIT_HTTP_URL ?? env.NEXT_PUBLIC_LIVEKIT_URL?.replace(/^ws/, 'http') ?? '',
  /** The project's limit of API requests; 0: none. */
  apiPerMinute: env.LIVEKIT_API_PER_MINUTE,
  /** Where participants connect. */
  wsUrl: env.NEXT_PUBLIC_LIVEKIT_URL ?? env.LIVEKIT_HTTP_URL?.replace(/^http/, 'ws') ?? '',
}));
export type LiveKitConfig = ReturnType<typeof livekitConfig>;

export const sessionsConfig = namespace('sessions', (env) => ({
  audioSource: env.AUDIO_SOURCE,
  /** `off`, `webhook` or `webhook:PATTERN`. */
  autoStart: env.AUTO_START,
  /** `on`, `off`, `fallback` or `percent:N`. */
  serverTranscription: env.SERVER_TRANSCRIPTION,
  /** How often the rooms are listed, and sessions brought in line with them. */
  reconcileMs: env.SESSION_RECONCILE_S * 1000,
  /** How long live sessions have to end when the service stops. */
  shutdownGraceMs: env.SHUTDOWN_GRACE_S * 1000,
  /** For how long who has left a room may read its session. */
  readAfterLeaveMs: env.READ_AFTER_LEAVE_S * 1000,
  /** Whether who may join a room reads its earlier sessions. */
  readEarlier: env.READ_EARLIER_SESSIONS === 'on',
  trackSources: env.TRANSCRIBE_SOURCES,
  participantKinds: env.TRANSCRIBE_KINDS,
}));
export type SessionsConfig = ReturnType<typeof sessionsConfig>;

export const overloadConfig = namespace('overload', (env) => ({
  /** Share of time that the event loop may work, 0 to 1, for new sessions to begin; 0 is no limit. */
  loopShare: env.OVERLOAD_LOOP_PERCENT / 100,
}));
export type OverloadConfig = ReturnType<typeof overloadConfig>;

export const egressConfig = namespace('egress', (env) => ({
  /** Where Egress dials, without a slash at its end. */
  websocketBaseUrl: env.EGRESS_WEBSOCKET_BASE_URL.replace(/\/+$/, ''),
  maxConcurrent: env.EGRESS_MAX_CONCURRENT,
  /** What is done for a track that finds no slot, tried in this order. */
  overflow: env.EGRESS_OVERFLOW,
  /** How long a track must be silent to give up its slot for one that waits. */
  idleReleaseMs: env.EGRESS_IDLE_RELEASE_S * 1000,
}));
export type EgressConfig = ReturnType<typeof egressConfig>;

export const participantConfig = namespace('participant', (env) => ({
  roomsPerProcess: env.PARTICIPANT_ROOMS_PER_PROCESS,
  /** A child process that takes more than this is replaced. */
  memoryBytes: env.PARTICIPANT_MEMORY_MB * 1024 * 1024,
}));
export type ParticipantConfig = ReturnType<typeof participantConfig>;

export const mixerConfig = namespace('mixer', (env) => ({
  /** How long a session that ends waits for audio on its way. */
  drainMs: env.SESSION_DRAIN_S * 1000,
  /** For how long a track is faded where its microphone is switched; 0: not at all. */
  muteFadeMs: env.MUTE_FADE_MS,
}));
export type MixerConfig = ReturnType<typeof mixerConfig>;

/** The audio that is kept until the engine has transcribed it. */
export const audioLogConfig = namespace('audioLog', (env) => ({
  /** Kept in memory, in seconds. */
  audioLogS: env.AUDIO_LOG_S,
  /** Kept on disk beyond that, in seconds; 0: nothing. */
  spillS: env.AUDIO_LOG_SPILL_S,
  spillDirectory: env.AUDIO_LOG_DIR,
}));
export type AudioLogConfig = ReturnType<typeof audioLogConfig>;

export const gladiaConfig = namespace('gladia', (env) => ({
  apiKey: env.GLADIA_API_KEY,
  apiUrl: env.GLADIA_API_URL,
  region: env.GLADIA_REGION,
  /** How many channels are sent: 1 is all speakers mixed. */
  channels: channelsOf(env.GLADIA_CHANNELS),
  model: env.GLADIA_MODEL,
  /** Undefined: learnt from the account. */
  maxSessions: env.GLADIA_MAX_SESSIONS,
  /** Silence that closes an utterance, in seconds. */
  endpointingS: env.GLADIA_ENDPOINTING_S,
  /** After so many seconds an utterance is closed without silence. */
  maxDurationS: env.GLADIA_MAX_UTTERANCE_S,
  drainTimeoutMs: 10_000,
  idleReleaseMs: env.GLADIA_IDLE_RELEASE_S * 1000,
  /** Whether sessions are deleted at Gladia when they have ended. */
  deletes: env.GLADIA_RETENTION === 'delete',
  /** Hosts besides the API's own to which a stream may connect. */
  socketHosts: env.GLADIA_SOCKET_HOSTS,
}));
export type GladiaConfig = ReturnType<typeof gladiaConfig>;

export const speechConfig = namespace('speech', (env) => ({
  defaults: speechDefaults(env),
  /** For rooms whose names match a pattern. */
  byRoom: env.SPEECH_OPTIONS_BY_ROOM,
  /** What a caller of the API may choose. */
  optionsAllowed: env.OPTIONS_ALLOWED,
}));
export type SpeechConfig = ReturnType<typeof speechConfig>;

/** Below these, segments are held back. Confidences are 0 to 1; 0 holds nothing back. */
export const confidenceConfig = namespace('confidence', (env) => ({
  minPartialConfidence: env.CONFIDENCE_MIN_PARTIAL,
  minFinalConfidence: env.CONFIDENCE_MIN_FINAL,
  minUtteranceMs: env.MIN_UTTERANCE_MS,
}));
export type ConfidenceConfig = ReturnType<typeof confidenceConfig>;

export const storeConfig = namespace('store', (env) => ({
  /** `file:PATH` for SQLite, or `postgres://…`. */
  url: env.DATABASE_URL,
  /** 0: for ever. */
  retentionDays: env.TRANSCRIPT_RETENTION_DAYS,
}));
export type StoreConfig = ReturnType<typeof storeConfig>;

export const publisherConfig = namespace('publisher', (env) => ({
  /** Of LiveKit's data packets. */
  topic: env.TRANSCRIPTION_TOPIC,
  /** How often interims of one speaker are published at most; 0: each. */
  interimsEveryMs: env.INTERIMS_EVERY_MS,
  /** How late Egress hands on what it receives; undefined: nobody has said. */
  egressLatencyMs: env.EGRESS_LATENCY_MS,
}));
export type PublisherConfig = ReturnType<typeof publisherConfig>;

export const webhookConfig = namespace('webhook', (env) => ({
  /** Undefined: no webhooks are sent. */
  url: env.WEBHOOK_URL,
  secret: env.WEBHOOK_SECRET,
}));
export type WebhookConfig = ReturnType<typeof webhookConfig>;

/** A key of LiveKit and its secret. */
export interface SigningKey {
  readonly apiKey: string;
  readonly apiSecret: string;
}

const secondKey = ({
  LIVEKIT_API_KEY_2: apiKey,
  LIVEKIT_API_SECRET_2: apiSecret,
}: Environment): { secondKey?: SigningKey } =>
  apiKey === undefined || apiSecret === undefined ? {} : { secondKey: { apiKey, apiSecret } };

const speechDefaults = (env: Environment): SpeechOptions => ({
  spoken: env.TRANSCRIPTION_LANGUAGES,
  translateTo: env.TRANSLATION_LANGUAGES,
  translation: { model: env.TRANSLATION_MODEL },
  vocabulary: env.GLADIA_VOCABULARY,
  namedEntities: env.GLADIA_NAMED_ENTITIES,
  sentiment: env.GLADIA_SENTIMENT,
  summary: env.GLADIA_SUMMARY,
  audioEnhancer: env.GLADIA_AUDIO_ENHANCER,
  speechThreshold: env.GLADIA_SPEECH_THRESHOLD,
});

/** `mixed`, `per-speaker`, or `per-speaker:N`. Gladia takes eight at most. */
const channelsOf = (setting: string): number => (setting === 'mixed' ? 1 : Number(setting.split(':')[1] ?? 8));
