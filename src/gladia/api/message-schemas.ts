import { z } from 'zod';
import { transcriptionSchema, utteranceSchema } from './gladia-utterance.js';

export const acknowledgmentSchema = z.object({ data: z.object({ byte_range: z.tuple([z.number(), z.number()]) }) });

export const transcriptSchema = z.object({
  data: z.object({
    id: z.union([z.string(), z.number()]).transform(String),
    is_final: z.boolean(),
    utterance: utteranceSchema,
  }),
});

export const resultSchema = z.object({ data: z.object({ transcription: transcriptionSchema }) });

/** Of any type: what was asked for could not be done. */
export const failedSchema = z.union([
  z.object({ acknowledged: z.literal(false) }),
  z.object({ error: z.object({}), data: z.null().optional() }),
]);
