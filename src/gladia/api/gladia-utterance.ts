import { z } from 'zod';

const seconds = z.number();
/** Missing confidence counts as 1: otherwise a minimum confidence would filter everything out. */
const confidence = z
  .number()
  .transform((value) => Math.min(1, Math.max(0, value)))
  .catch(1);

const wordSchema = z.object({ word: z.string(), start: seconds, end: seconds, confidence });

/** An utterance as Gladia transcribed it. Times are in seconds of engine time, see `EngineClock`. Invalid words are left out. */
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

/** All utterances of a session; those that cannot be read are left out. */
export const transcriptionSchema = z.object({
  utterances: z.array(z.unknown()).transform((utterances) =>
    utterances.flatMap((utterance) => {
      const parsed = utteranceSchema.safeParse(utterance);
      return parsed.success ? [parsed.data] : [];
    }),
  ),
});
