import { z } from 'zod';

const seconds = z.number();
/** A server that does not say how sure it is cannot be told to be unsure: everything would be kept back. */
const confidence = z
  .number()
  .transform((value) => Math.min(1, Math.max(0, value)))
  .catch(1);

const wordSchema = z.object({ word: z.string(), start: seconds, end: seconds, confidence });

/** What Gladia heard, in seconds of the sound that its session received. Bad words are left out, the rest stands. */
export const utteranceSchema = z.object({
  text: z.string(),
  start: seconds,
  end: seconds,
  language: z.string().catch(''),
  confidence,
  channel: z.int().min(0).optional().catch(undefined),
  words: z
    .array(z.unknown())
    .catch([])
    .transform((words) =>
      words.flatMap((word) => {
        const parsed = wordSchema.safeParse(word);
        return parsed.success ? [parsed.data] : [];
      }),
    ),
});

export type GladiaUtterance = z.infer<typeof utteranceSchema>;

export type GladiaWord = GladiaUtterance['words'][number];

/** Reads the utterances of a whole transcription and leaves out what it cannot read. */
export const transcriptionSchema = z.object({
  utterances: z.array(z.unknown()).transform((utterances) =>
    utterances.flatMap((utterance) => {
      const parsed = utteranceSchema.safeParse(utterance);
      return parsed.success ? [parsed.data] : [];
    }),
  ),
});
