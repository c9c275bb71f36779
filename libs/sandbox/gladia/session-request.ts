import { z } from 'zod';

const flag = (byDefault: boolean) => z.boolean().default(byDefault);
const seconds = (least: number, most: number, byDefault: number) => z.number().min(least).max(most).default(byDefault);

const languageConfig = z.strictObject({
  languages: z.array(z.string().regex(/^[a-z]{2,3}$/, 'must be ISO 639 codes')).default([]),
  code_switching: flag(false),
});

const preProcessing = z.strictObject({
  audio_enhancer: flag(false),
  speech_threshold: z.number().min(0).max(1).default(0.6),
});

const intensity = z.number().min(0).max(1);
const vocabularyEntry = z.union([
  z.string(),
  z.strictObject({
    value: z.string(),
    intensity: intensity.optional(),
    pronunciations: z.array(z.string()).optional(),
    language: z.string().optional(),
  }),
]);

const realtimeProcessing = z.strictObject({
  words_accurate_timestamps: z.boolean().optional(),
  custom_vocabulary: flag(false),
  custom_vocabulary_config: z
    .strictObject({ vocabulary: z.array(vocabularyEntry), default_intensity: intensity.default(0.5) })
    .optional(),
  custom_spelling: flag(false),
  custom_spelling_config: z.strictObject({ spelling_dictionary: z.record(z.string(), z.array(z.string())) }).optional(),
  translation: flag(false),
  translation_config: z
    .strictObject({
      target_languages: z.array(z.string()).min(1),
      model: z.enum(['base', 'batch', 'enhanced']).default('base'),
      match_original_utterances: flag(true),
      lipsync: flag(true),
      context_adaptation: flag(true),
      context: z.string().optional(),
      informal: flag(false),
    })
    .optional(),
  named_entity_recognition: flag(false),
  sentiment_analysis: flag(false),
});

const postProcessing = z.strictObject({
  summarization: flag(false),
  summarization_config: z
    .strictObject({ type: z.enum(['general', 'bullet_points', 'concise']).default('general') })
    .optional(),
  chapterization: flag(false),
});

const messagesConfig = z.strictObject({
  receive_partial_transcripts: flag(false),
  receive_final_transcripts: flag(true),
  receive_speech_events: flag(true),
  receive_pre_processing_events: flag(true),
  receive_realtime_processing_events: flag(true),
  receive_post_processing_events: flag(true),
  receive_acknowledgments: flag(true),
  receive_errors: flag(true),
  receive_lifecycle_events: flag(false),
});

const sampleRates = [8_000, 16_000, 32_000, 44_100, 48_000];
const bitDepths = [8, 16, 24, 32];
const oneOf = (values: readonly number[]) =>
  z
    .number()
    .refine((value) => values.includes(value), { error: `must be one of the following values: ${values.join(', ')}` });

const callbackConfig = z.looseObject({ url: z.url() });

/** Body of `POST /v2/live`, with the service's defaults. */
export const sessionRequest = z
  .strictObject({
    encoding: z.enum(['wav/pcm', 'wav/alaw', 'wav/ulaw']).default('wav/pcm'),
    bit_depth: oneOf(bitDepths).optional(),
    sample_rate: oneOf(sampleRates).default(16_000),
    channels: z.int().min(1).max(8).default(1),
    model: z.enum(['solaria-1']).default('solaria-1'),
    endpointing: seconds(0.01, 10, 0.05),
    maximum_duration_without_endpointing: seconds(5, 60, 5),
    custom_metadata: z
      .record(z.string(), z.unknown())
      .refine((value) => JSON.stringify(value).length <= 2_000, { error: 'must not exceed 2000 characters' })
      .optional(),
    language_config: languageConfig.prefault({}),
    pre_processing: preProcessing.prefault({}),
    realtime_processing: realtimeProcessing.prefault({}),
    post_processing: postProcessing.prefault({}),
    messages_config: messagesConfig.prefault({}),
    callback: flag(false),
    callback_config: callbackConfig.optional(),
  })
  .refine(({ encoding, bit_depth }) => encoding === 'wav/pcm' || (bit_depth ?? 8) === 8, {
    error: 'must be 8 for this encoding',
    path: ['bit_depth'],
  })
  .transform((request) => ({ ...request, bit_depth: request.bit_depth ?? (request.encoding === 'wav/pcm' ? 16 : 8) }));

export type SessionRequest = z.output<typeof sessionRequest>;

/** One sentence a fault, e.g. `sample_rate must be one of …`. */
export function validationErrors(error: z.ZodError): string[] {
  return error.issues.map((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => `property ${key} should not exist`).join(', ');
    return `${issue.path.join('.')} ${issue.message}`;
  });
}
