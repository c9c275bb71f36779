import type { Environment } from './config-schema.js';
import type { RoomWishes, SpeechOptions } from './speech-options.js';

/**
 * What the service was told, parsed once and frozen. Inject this class to read it; nothing else reads the environment.
 */
export class Config {
  readonly http: {
    readonly port: number;
    readonly shutdownGraceMs: number;
    readonly captionPageToken: string;
    /** False: audio is read by plain `ws`. */
    readonly wsFastPath: boolean;
  };
  readonly log: { readonly level: Environment['LOG_LEVEL']; readonly json: boolean };
  readonly livekit: {
    readonly apiKey: string;
    readonly apiSecret: string;
    readonly httpUrl: string;
    readonly wsUrl: string;
  };
  readonly sessions: {
    readonly audioSource: Environment['AUDIO_SOURCE'];
    readonly autoStart: string;
    /** `on`, `off`, `fallback` or `percent:N`. */
    readonly serverTranscription: string;
    readonly reconcileMs: number;
    readonly drainMs: number;
    /** For how long a track is faded where its microphone is switched; 0: not at all. */
    readonly muteFadeMs: number;
    /** How busy the event loop may be, 0 to 1, for new sessions to begin; 0 is no limit. */
    readonly overloadLoopShare: number;
    readonly trackSources: Environment['TRANSCRIBE_SOURCES'];
    readonly participantKinds: Environment['TRANSCRIBE_KINDS'];
  };
  readonly egress: {
    readonly websocketBaseUrl: string;
    readonly maxConcurrent: number;
    /** What is done for a track that finds no slot, tried in this order. */
    readonly overflow: Environment['EGRESS_OVERFLOW'];
    /** How long a track must be silent to give up its slot for one that waits. */
    readonly idleReleaseMs: number;
  };
  readonly participant: {
    readonly roomsPerProcess: number;
    /** A process that takes more than this is replaced. */
    readonly memoryBytes: number;
  };
  readonly gladia: {
    readonly apiKey: string;
    readonly apiUrl: string;
    readonly region: string | undefined;
    /** How many channels are sent: 1 is all speakers mixed. */
    readonly channels: number;
    readonly model: string;
    readonly maxSessions: number | undefined;
    readonly endpointingS: number;
    readonly maxDurationS: number;
    readonly audioLogS: number;
    readonly spillS: number;
    readonly spillDirectory: string;
    readonly drainTimeoutMs: number;
    readonly idleReleaseMs: number;
    readonly deletes: boolean;
    readonly socketHosts: readonly string[];
  };
  readonly speech: { readonly defaults: SpeechOptions; readonly byRoom: readonly RoomWishes[] };
  readonly doubt: {
    readonly minPartialConfidence: number;
    readonly minFinalConfidence: number;
    readonly minUtteranceMs: number;
  };
  readonly store: { readonly url: string; readonly retentionDays: number };
  readonly publisher: { readonly topic: string };
  /** Paths of files with modules of one's own. */
  readonly extensions: readonly string[];

  constructor(env: Environment, livekitUrls: { readonly httpUrl: string; readonly wsUrl: string }) {
    this.http = {
      port: env.PORT,
      shutdownGraceMs: env.SHUTDOWN_GRACE_S * 1000,
      captionPageToken: env.CAPTION_PAGE_TOKEN ?? '',
      wsFastPath: env.WS_FAST_PATH === 'on',
    };
    this.log = { level: env.LOG_LEVEL, json: env.LOG_FORMAT === 'json' };
    this.livekit = { apiKey: env.LIVEKIT_API_KEY, apiSecret: env.LIVEKIT_API_SECRET, ...livekitUrls };
    this.sessions = {
      audioSource: env.AUDIO_SOURCE,
      autoStart: env.AUTO_START,
      serverTranscription: env.SERVER_TRANSCRIPTION,
      reconcileMs: env.SESSION_RECONCILE_S * 1000,
      drainMs: env.SESSION_DRAIN_S * 1000,
      muteFadeMs: env.MUTE_FADE_MS,
      overloadLoopShare: env.OVERLOAD_LOOP_PERCENT / 100,
      trackSources: env.TRANSCRIBE_SOURCES,
      participantKinds: env.TRANSCRIBE_KINDS,
    };
    this.egress = {
      websocketBaseUrl: env.EGRESS_WEBSOCKET_BASE_URL.replace(/\/+$/, ''),
      maxConcurrent: env.EGRESS_MAX_CONCURRENT,
      overflow: env.EGRESS_OVERFLOW,
      idleReleaseMs: env.EGRESS_IDLE_RELEASE_S * 1000,
    };
    this.participant = {
      roomsPerProcess: env.PARTICIPANT_ROOMS_PER_PROCESS,
      memoryBytes: env.PARTICIPANT_MEMORY_MB * 1024 * 1024,
    };
    this.gladia = {
      apiKey: env.GLADIA_API_KEY,
      apiUrl: env.GLADIA_API_URL,
      region: env.GLADIA_REGION,
      channels: channelsOf(env.GLADIA_CHANNELS),
      model: env.GLADIA_MODEL,
      maxSessions: env.GLADIA_MAX_SESSIONS,
      endpointingS: env.GLADIA_ENDPOINTING_S,
      maxDurationS: env.GLADIA_MAX_UTTERANCE_S,
      audioLogS: env.AUDIO_LOG_S,
      spillS: env.AUDIO_LOG_SPILL_S,
      spillDirectory: env.AUDIO_LOG_DIR,
      drainTimeoutMs: 10_000,
      idleReleaseMs: env.GLADIA_IDLE_RELEASE_S * 1000,
      deletes: env.GLADIA_RETENTION === 'delete',
      socketHosts: env.GLADIA_SOCKET_HOSTS,
    };
    this.speech = { defaults: speechDefaults(env), byRoom: env.SPEECH_OPTIONS_BY_ROOM };
    this.doubt = {
      minPartialConfidence: env.CONFIDENCE_MIN_PARTIAL,
      minFinalConfidence: env.CONFIDENCE_MIN_FINAL,
      minUtteranceMs: env.MIN_UTTERANCE_MS,
    };
    this.store = { url: env.DATABASE_URL, retentionDays: env.TRANSCRIPT_RETENTION_DAYS };
    this.publisher = { topic: env.TRANSCRIPTION_TOPIC };
    this.extensions = [...env.EXTENSIONS];
    for (const section of Object.values(this)) Object.freeze(section);
    Object.freeze(this);
  }
}

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
