import { z } from 'zod';
import { utteranceSchema, type GladiaUtterance } from './gladia-utterance.js';

/** What Gladia derives from the words: from those of a final utterance, and at the end from those of a whole session. */
export type AddonMessage =
  | {
      readonly kind: 'translation';
      readonly id: string;
      readonly language: string;
      readonly original: GladiaUtterance;
      readonly utterance: GladiaUtterance;
    }
  | { readonly kind: 'entities'; readonly original: GladiaUtterance; readonly entities: readonly Entity[] }
  | { readonly kind: 'sentiments'; readonly original: GladiaUtterance; readonly sentiments: readonly Sentiment[] }
  | { readonly kind: 'summary'; readonly text: string };

export interface Entity {
  readonly type: string;
  readonly text: string;
}

export interface Sentiment {
  readonly sentiment: string;
  readonly emotion: string;
  readonly text: string;
}

const idSchema = z.union([z.string(), z.number()]).transform(String);

/** Entries that cannot be read are left out. */
const listOf = <S extends z.ZodType>(schema: S) =>
  z.array(z.unknown()).transform((entries): z.output<S>[] =>
    entries.flatMap((entry) => {
      const parsed = schema.safeParse(entry);
      return parsed.success ? [parsed.data] : [];
    }),
  );

const entitySchema = z
  .object({ entity_type: z.string(), text: z.string() })
  .transform(({ entity_type: type, text }): Entity => ({ type, text }));
const sentimentSchema = z.object({ sentiment: z.string(), emotion: z.string().catch(''), text: z.string() });

const translationSchema = z.object({
  utterance_id: idSchema,
  target_language: z.string().min(1),
  utterance: utteranceSchema,
  translated_utterance: utteranceSchema,
});

const SCHEMAS = {
  translation: translationSchema.transform(
    ({ utterance_id: id, target_language: language, utterance: original, translated_utterance: utterance }) =>
      ({ kind: 'translation', id, language, original, utterance }) satisfies AddonMessage,
  ),
  named_entity_recognition: z
    .object({ utterance: utteranceSchema, results: listOf(entitySchema) })
    .transform(
      ({ utterance: original, results: entities }) => ({ kind: 'entities', original, entities }) satisfies AddonMessage,
    ),
  sentiment_analysis: z
    .object({ utterance: utteranceSchema, results: listOf(sentimentSchema) })
    .transform(
      ({ utterance: original, results: sentiments }) =>
        ({ kind: 'sentiments', original, sentiments }) satisfies AddonMessage,
    ),
  post_summarization: z
    .object({ results: z.string() })
    .transform(({ results: text }) => ({ kind: 'summary', text }) satisfies AddonMessage),
};

type AddonType = keyof typeof SCHEMAS;

export const isAddon = (type: string): type is AddonType => Object.hasOwn(SCHEMAS, type);

/** Undefined where the message does not have the form of its type. */
export function parseAddon(type: AddonType, json: unknown): AddonMessage | undefined {
  const parsed = z.object({ data: SCHEMAS[type] }).safeParse(json);
  return parsed.success ? parsed.data.data : undefined;
}
