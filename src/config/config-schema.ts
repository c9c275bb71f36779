import { z } from 'zod';

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
const required = (what: string) =>
  z.string({ error: `is missing: set it to ${what}` }).min(1, `is empty: set it to ${what}`);

const SERVER_TRANSCRIPTION = /^(off|fallback|on|percent:(\d{1,2}|100))$/;
const AUTO_START = /^(off|webhook(:.+)?)$/;

/** Every variable of the environment that the service reads, with its default. `.env.example` is checked against it. */
export const environmentSchema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3001),
  LOG_LEVEL: z.enum(['error', 'warn', 'log', 'debug']).default('log'),
  LOG_FORMAT: z.enum(['text', 'json']).default('text'),

  LIVEKIT_API_KEY: required('the API key of your LiveKit project or server'),
  LIVEKIT_API_SECRET: required('the API secret that belongs to LIVEKIT_API_KEY'),
  NEXT_PUBLIC_LIVEKIT_URL: url('wss', 'ws').optional(),
  LIVEKIT_HTTP_URL: url('https', 'http').optional(),

  EGRESS_WEBSOCKET_BASE_URL: url('wss', 'ws').default('ws://localhost:3001/egress/audio'),
  EGRESS_MAX_CONCURRENT: count(1).default(2),
  AUDIO_SOURCE: z.enum(['egress'], { error: 'must be egress: this release has no other source yet' }).default('egress'),
  TRANSCRIBE_SOURCES: list
    .pipe(z.array(z.enum(['microphone', 'screen_share_audio', 'unknown'])).min(1))
    .default(['microphone']),
  TRANSCRIBE_KINDS: list.pipe(z.array(z.enum(['standard', 'sip', 'ingress'])).min(1)).default(['standard', 'sip']),

  GLADIA_API_KEY: required('a key from the Gladia dashboard'),
  GLADIA_API_URL: url('https', 'http').default('https://api.gladia.io'),
  GLADIA_REGION: z.enum(['eu-west', 'us-west']).optional(),
  GLADIA_MODEL: z.string().min(1).default('solaria-1'),
  GLADIA_MAX_SESSIONS: count(1).optional(),
  GLADIA_ENDPOINTING_S: z.coerce.number().min(0.01).max(10).default(0.3),
  GLADIA_MAX_UTTERANCE_S: z.coerce.number().min(5).max(60).default(15),
  AUDIO_LOG_S: z.coerce.number().min(5).max(3600).default(120),

  TRANSCRIPTION_TOPIC: z.string().min(1).max(100).default('transcription'),
  TRANSCRIPTION_LANGUAGES: list
    .pipe(z.array(z.string().regex(/^[a-z]{2,3}$/, 'must hold ISO 639-1 codes such as en,fr')))
    .default([]),
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
  SHUTDOWN_GRACE_S: z.coerce.number().min(1).max(3600).default(25),
  CAPTION_PAGE_TOKEN: z.string().min(1).optional(),
});

export type Environment = z.infer<typeof environmentSchema>;
