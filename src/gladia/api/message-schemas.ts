import { z } from 'zod';
import { transcriptionSchema, utteranceSchema, type GladiaUtterance, type GladiaWord } from './gladia-utterance.js';

export const acknowledgmentSchema = z.object({ data: z.object({ byte_range: z.tuple([z.number(), z.number()]) }) });

export const transcriptSchema = z.object({
  data: z.object({
    id: z.union([z.string(), z.number()]).transform(String),
    is_final: z.boolean(),
    utterance: utteranceSchema,
  }),
});

export const resultSchema = z.object({ data: z.object({ transcription: transcriptionSchema }) });

/** A message of any type that says that what was requested failed. */
export const failedSchema = z.union([
  z.object({ acknowledged: z.literal(false) }),
  z.object({ error: z.object({}), data: z.null().optional() }),
]);

// Acknowledgments and transcripts come many times a second, and a schema costs time. The functions below read them in the
// form in which they nearly always come, and return undefined for any other form, which the schemas above decide on.

type Transcript = z.output<typeof transcriptSchema>['data'];
type Fields = Readonly<Record<string, unknown>>;

/** The byte range of an acknowledgment. */
export function parseAcknowledgment(json: unknown): readonly [number, number] | undefined {
  if (!isFields(json) || json['acknowledged'] === false || !isFields(json['data'])) return undefined;
  const range = json['data']['byte_range'];
  if (!Array.isArray(range) || range.length !== 2) return undefined;
  const [start, end] = range as unknown[];
  return isNumber(start) && isNumber(end) ? [start, end] : undefined;
}

export function parseTranscript(json: unknown): Transcript | undefined {
  if (!isFields(json) || !isFields(json['data'])) return undefined;
  const { id, is_final, utterance } = json['data'];
  if (typeof id !== 'string' || typeof is_final !== 'boolean') return undefined;
  const parsed = parseUtterance(utterance);
  return parsed && { id, is_final, utterance: parsed };
}

function parseUtterance(utterance: unknown): GladiaUtterance | undefined {
  if (!isFields(utterance)) return undefined;
  const { text, start, end, language, confidence, channel, words } = utterance;
  if (typeof text !== 'string' || typeof language !== 'string') return undefined;
  if (!isNumber(start) || !isNumber(end) || !isConfidence(confidence)) return undefined;
  if (channel !== undefined && !isIndex(channel)) return undefined;
  const parsed = parseWords(words);
  return parsed && { text, start, end, language, confidence, channel, words: parsed };
}

function parseWords(words: unknown): GladiaWord[] | undefined {
  if (!Array.isArray(words)) return undefined;
  const parsed: GladiaWord[] = [];
  for (const each of words as unknown[]) {
    if (!isFields(each)) return undefined;
    const { word, start, end, confidence } = each;
    if (typeof word !== 'string' || !isNumber(start) || !isNumber(end) || !isConfidence(confidence)) return undefined;
    parsed.push({ word, start, end, confidence });
  }
  return parsed;
}

/** Or an array, which has none of the fields that are read. */
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** JSON can hold a number that is too large and becomes infinite. */
const isNumber = (value: unknown): value is number => Number.isFinite(value);

const isConfidence = (value: unknown): value is number => isNumber(value) && value >= 0 && value <= 1;

const isIndex = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
