import { z } from 'zod';
import { SPOKEN_LANGUAGES, TRANSLATION_LANGUAGES } from './language-codes.js';

const language = (known: ReadonlySet<string>) =>
  z.enum([...known], { error: 'must be an ISO 639-1 code that Gladia knows, such as en or fr' });
const share = z.number().min(0).max(1);
const text = z.string().min(1);

const vocabularyEntrySchema = z.union(
  [
    text,
    z.strictObject({
      value: text,
      intensity: share.optional(),
      pronunciations: z.array(text).optional(),
      language: language(SPOKEN_LANGUAGES).optional(),
    }),
  ],
  { error: 'must be a word, or { value, intensity 0..1, pronunciations, language }' },
);

const translationSchema = z.strictObject({
  model: z.enum(['base', 'batch', 'enhanced']).optional(),
  matchOriginalUtterances: z.boolean().optional(),
  lipsync: z.boolean().optional(),
  contextAdaptation: z.boolean().optional(),
  /** What the conversation is about, for a better choice of words. */
  context: text.optional(),
  informal: z.boolean().optional(),
});

/** Gladia takes 2000 characters of metadata; our session id is among them. */
const METADATA_CHARACTERS = 1_900;

/** How a session is to be transcribed. What is left out is as the service's own settings have it. */
export const speechOptionsSchema = z.strictObject({
  /** Empty: detect. One: fixed. Several: switch among these. */
  spoken: z.array(language(SPOKEN_LANGUAGES)).max(20).optional(),
  translateTo: z.array(language(TRANSLATION_LANGUAGES)).max(20).optional(),
  /** Whether the language is detected again for each utterance; without it, where several are spoken. */
  codeSwitching: z.boolean().optional(),
  translation: translationSchema.optional(),
  /** Names and terms to listen for. Intensities above 0.6 find words that were not said. */
  vocabulary: z.array(vocabularyEntrySchema).max(1_000).optional(),
  vocabularyIntensity: share.optional(),
  /** How a word is to be written, whatever was recognised: `{ "SQL": ["Sequel"] }`. */
  spelling: z.record(text, z.array(text).min(1)).optional(),
  namedEntities: z.boolean().optional(),
  sentiment: z.boolean().optional(),
  /** Of the whole session, at its end. */
  summary: z.enum(['general', 'bullet_points', 'concise']).optional(),
  /** Seconds of silence that close an utterance. */
  endpointingS: z.number().min(0.01).max(10).optional(),
  /** Seconds after which an utterance is closed without silence. */
  maxUtteranceS: z.number().min(5).max(60).optional(),
  audioEnhancer: z.boolean().optional(),
  /** Near 1, faint or background sound is not taken for speech. */
  speechThreshold: share.optional(),
  region: z.enum(['eu-west', 'us-west']).optional(),
  /** Kept with the session at Gladia. */
  metadata: z
    .record(z.string(), z.unknown())
    .refine((value) => JSON.stringify(value).length <= METADATA_CHARACTERS, {
      error: `must not be longer than ${METADATA_CHARACTERS} characters as JSON`,
    })
    .optional(),
});

/** The names of all options, as the body of `POST /sessions` has them. */
export const OPTION_NAMES = speechOptionsSchema.keyof().options;

/** What some of the options are to be; the rest stays as it was. */
export type SpeechWishes = z.infer<typeof speechOptionsSchema>;

/** How one session is transcribed. */
export type SpeechOptions = Omit<SpeechWishes, 'spoken' | 'translateTo'> & {
  readonly spoken: readonly string[];
  readonly translateTo: readonly string[];
};

/** A pattern of room names, in which `*` is any text, and what is wished for these rooms. */
export type RoomWishes = readonly [pattern: string, wishes: SpeechWishes];

/** `SPEECH_OPTIONS_BY_ROOM`: a JSON object, by pattern. What is wrong is named by the number of the entry and the field. */
export const roomWishesSchema = z.string().transform((json, context): readonly RoomWishes[] => {
  const byRoom = z.record(z.string(), z.unknown()).safeParse(parsed(json));
  if (!byRoom.success) {
    context.addIssue({ code: 'custom', message: 'must be a JSON object such as {"team-*":{"spoken":["en","fr"]}}' });
    return z.NEVER;
  }
  return Object.entries(byRoom.data).flatMap(([pattern, wished], index): RoomWishes[] => {
    const wishes = speechOptionsSchema.safeParse(wished);
    if (wishes.success) return [[pattern, wishes.data]];
    for (const { path, message } of wishes.error.issues) {
      const field = path.length > 0 ? path.join('.') : 'it';
      context.addIssue({
        code: 'custom',
        message: `must fit, but in entry ${index + 1} ${field} does not: ${message}`,
      });
    }
    return [];
  });
});

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The options of one session: the defaults, what every pattern that fits its room says in turn, then its own wishes. */
export function speechOptionsFor(
  room: string,
  defaults: SpeechOptions,
  byRoom: readonly RoomWishes[],
  wishes: SpeechWishes,
): SpeechOptions {
  const forRoom = byRoom.filter(([pattern]) => isLike(pattern, room)).map(([, fitting]) => fitting);
  return [...forRoom, wishes].reduce<SpeechOptions>(overlaid, defaults);
}

function overlaid(options: SpeechOptions, wishes: SpeechWishes): SpeechOptions {
  const said = Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined));
  return { ...options, ...said };
}

function isLike(pattern: string, room: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(room);
}
