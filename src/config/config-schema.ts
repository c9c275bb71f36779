import { z } from 'zod';
import { SPOKEN_LANGUAGES, TRANSLATION_LANGUAGES } from './language-codes.js';
import { OPTION_NAMES, roomWishesSchema } from './speech-options.js';

/** A comma-separated list. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);
const url = (...protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `must be a URL that starts with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
  });
const count = (min: number) => z.coerce.number().int().min(min);
const share = z.coerce.number().min(0).max(1);
const yesOrNo = z.stringbool({ error: 'must be true or false' }).default(false);
const onOff = z.enum(['on', 'off'], { error: 'must be on or off' });
const languages = (known: ReadonlySet<string>) =>
  list.pipe(z.array(z.string().refine((code) => known.has(code), 'must hold ISO 639-1 codes such as en,fr')));
const required = (what: string) =>
  z.string({ error: `is missing: set it to ${what}` }).min(1, `is empty: set it to ${what}`);

const SERVER_TRANSCRIPTION = /^(off|fallback|on|percent:(\d{1,2}|100))$/;
const DATABASE = /^(file:.+|postgres(ql)?:\/\/.+)$/;
const AUDIO_SOURCES = ['egress', 'paired-egress', 'room-egress', 'participant', 'auto'] as const;
const EGRESS_OVERFLOWS = ['pair', 'participant', 'room-egress', 'queue', 'reject'] as const;
const GLADIA_CHANNELS = /^(mixed|per-speaker(:[2-8])?)$/;
/** As browsers send it: no path, no slash at the end. */
const ORIGIN = /^(\*|https?:\/\/[^/\s*]+)$/;
const ORIGIN_HINT = 'must be a list of origins such as https://app.example.com, without a path, or *';
const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;
const AUTO_START = /^(off|webhook(:.+)?)$/;

/** Every variable of the environment that the service reads, with its default. `.env.example` is checked against it. */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug']).default('log'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),

  LIVEKIT_API_KEY: required('the API key of your LiveKit project or server'),
  LIVEKIT_API_SECRET: required('the API secret that belongs to LIVEKIT_API_KEY'),
  LIVEKIT_API_KEY_2: z.string().min(1).optional(),
  LIVEKIT_API_SECRET_2: z.string().min(1).optional(),
  NEXT_PUBLIC_LIVEKIT_URL: url('wss', 'ws').optional(),
  LIVEKIT_HTTP_URL: url('https', 'http').optional(),
  LIVEKIT_API_PER_MINUTE: count(0).default(1000),

  EGRESS_WEBSOCKET_BASE_URL: url('wss', 'ws').default('ws://localhost:3001/egress/audio'),
  EGRESS_LATENCY_MS: count(0).max(10_000).optional(),
  EGRESS_MAX_CONCURRENT: count(1).default(2),
  EGRESS_OVERFLOW: list
    .pipe(z.array(z.enum(EGRESS_OVERFLOWS, { error: `must be a list of ${EGRESS_OVERFLOWS.join(', ')}` })).min(1))
    .default(['queue']),
  EGRESS_IDLE_RELEASE_S: z.coerce.number().min(1).max(3600).default(30),
  PARTICIPANT_ROOMS_PER_PROCESS: count(1).default(10),
  PARTICIPANT_MEMORY_MB: count(128).default(512),
  AUDIO_SOURCE: z.enum(AUDIO_SOURCES, { error: `must be one of ${AUDIO_SOURCES.join(', ')}` }).default('egress'),
  TRANSCRIBE_SOURCES: list
    .pipe(z.array(z.enum(['microphone', 'screen_share_audio', 'unknown'])).min(1))
    .default(['microphone']),
  TRANSCRIBE_KINDS: list
    .pipe(z.array(z.enum(['standard', 'sip', 'ingress', 'connector', 'bridge'])).min(1))
    .default(['standard', 'sip']),

  GLADIA_API_KEY: required('a key from the Gladia dashboard'),
  GLADIA_API_URL: url('https', 'http').default('https://api.gladia.io'),
  GLADIA_REGION: z.enum(['eu-west', 'us-west']).optional(),
  GLADIA_CHANNELS: z
    .string()
    .regex(GLADIA_CHANNELS, 'must be mixed, per-speaker, or per-speaker:N with N from 2 to 8')
    .default('mixed'),
  GLADIA_MODEL: z.string().min(1).default('solaria-1'),
  GLADIA_MAX_SESSIONS: count(1).optional(),
  GLADIA_ENDPOINTING_S: z.coerce.number().min(0.01).max(10).default(0.3),
  GLADIA_MAX_UTTERANCE_S: z.coerce.number().min(5).max(60).default(15),
  GLADIA_VOCABULARY: list.default([]),
  GLADIA_NAMED_ENTITIES: yesOrNo,
  GLADIA_SENTIMENT: yesOrNo,
  GLADIA_SUMMARY: z.enum(['general', 'bullet_points', 'concise']).optional(),
  GLADIA_AUDIO_ENHANCER: yesOrNo,
  GLADIA_SPEECH_THRESHOLD: share.default(0.6),
  GLADIA_IDLE_RELEASE_S: z.coerce.number().min(0).default(300),
  GLADIA_RETENTION: z.enum(['keep', 'delete']).default('keep'),
  GLADIA_SOCKET_HOSTS: list.default([]),
  TRANSLATION_LANGUAGES: languages(TRANSLATION_LANGUAGES).default([]),
  TRANSLATION_MODEL: z.enum(['base', 'batch', 'enhanced']).default('base'),
  SPEECH_OPTIONS_BY_ROOM: roomWishesSchema.default([]),
  AUDIO_LOG_S: z.coerce.number().min(5).max(3600).default(120),
  AUDIO_LOG_SPILL_S: z.coerce.number().min(0).max(86_400).default(0),
  AUDIO_LOG_DIR: z.string().min(1).default('data/audio-log'),
  CONFIDENCE_MIN_PARTIAL: share.default(0),
  CONFIDENCE_MIN_FINAL: share.default(0),
  MIN_UTTERANCE_MS: z.coerce.number().min(0).max(5_000).default(0),
  MUTE_FADE_MS: z.coerce.number().min(0).max(50).default(5),

  DATABASE_URL: z
    .string()
    .regex(DATABASE, 'must be file:PATH for SQLite, or postgres://…')
    .default('file:data/roomscribe.db'),
  TRANSCRIPT_RETENTION_DAYS: count(0).default(0),

  WEBHOOK_URL: url('https', 'http').optional(),
  WEBHOOK_SECRET: z.string().regex(WEBHOOK_SECRET, 'must be whsec_ and at least 24 bytes in Base64').optional(),
  INTERIMS_EVERY_MS: count(0).max(5_000).default(250),
  TRANSCRIPTION_TOPIC: z.string().min(1).max(100).default('transcription'),
  TRANSCRIPTION_LANGUAGES: languages(SPOKEN_LANGUAGES).default([]),
  AUTO_START: z
    .string()
    .regex(AUTO_START, 'must be webhook, webhook:PATTERN (for example webhook:team-*) or off')
    .default('webhook'),
  SERVER_TRANSCRIPTION: z
    .string()
    .regex(SERVER_TRANSCRIPTION, 'must be on, off, fallback or percent:N (for example percent:20)')
    .default('on'),
  SESSION_RECONCILE_S: z.coerce.number().min(0.2).max(60).default(8),
  SESSION_DRAIN_S: z.coerce.number().min(0).max(60).default(6),
  OVERLOAD_LOOP_PERCENT: z.coerce.number().min(0).max(100).default(70),
  SHUTDOWN_GRACE_S: z.coerce.number().min(1).max(3600).default(25),
  EXTENSIONS: list.default([]),
  CAPTION_PAGE_TOKEN: z.string().min(1).optional(),
  READ_AFTER_LEAVE_S: count(0).default(3600),
  READ_EARLIER_SESSIONS: onOff.default('off'),
  REQUIRE_ROOM_RECORD: onOff.default('off'),
  CORS_ORIGINS: list.pipe(z.array(z.string().regex(ORIGIN, ORIGIN_HINT))).default([]),
  DOCS: z.enum(['auto', 'on', 'off'], { error: 'must be auto, on or off' }).default('auto'),
  OPTIONS_ALLOWED: list
    .pipe(z.array(z.enum(OPTION_NAMES, { error: `must be a list of ${OPTION_NAMES.join(', ')}` })))
    .default(OPTION_NAMES.filter((name) => name !== 'region')),
  WS_FAST_PATH: onOff.default('on'),
});

export type Environment = z.infer<typeof environmentSchema>;

/** The settings that are secret. Each may be given as `NAME_FILE`, the path of a file that holds it. */
export const SECRET_SETTINGS = [
  'LIVEKIT_API_KEY',
  'LIVEKIT_API_SECRET',
  'LIVEKIT_API_KEY_2',
  'LIVEKIT_API_SECRET_2',
  'GLADIA_API_KEY',
  'DATABASE_URL',
  'CAPTION_PAGE_TOKEN',
  'WEBHOOK_SECRET',
] as const satisfies readonly (keyof Environment)[];
