import { z } from 'zod';
import { plainLetters } from '../../libs/protocol/text.js';

const MAX_TEXT_LENGTH = 4_000;
const MAX_WORDS = 500;

const ms = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const wordSchema = z.strictObject({
  text: z.string().min(1).max(100),
  startMs: ms,
  endMs: ms,
  confidence: z.number().min(0).max(1).optional(),
});

/** Body of `POST /sessions/{id}/transcript`: a segment that a browser transcribed of its own participant's speech. */
export const segmentRequestSchema = z
  .strictObject({
    segmentId: z
      .string()
      .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
      .optional(),
    revision: z.int().min(1).max(1_000_000).optional(),
    final: z.boolean(),
    text: z.string().max(MAX_TEXT_LENGTH),
    language: z
      .string()
      .max(35)
      .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/, 'must be a language tag such as en or en-GB')
      .optional(),
    confidence: z.number().min(0).max(1).optional(),
    startMs: ms.optional(),
    endMs: ms.optional(),
    startedAt: z.iso.datetime({ offset: true }).optional(),
    endedAt: z.iso.datetime({ offset: true }).optional(),
    words: z.array(wordSchema).max(MAX_WORDS).optional(),
  })
  .superRefine((request, context) => {
    for (const [field, message] of contradictions(request))
      context.addIssue({ code: 'custom', path: [field], message });
  })
  .meta({
    id: 'SegmentRequest',
    // The contradictions below, as far as a JSON schema can express them.
    dependentRequired: { startMs: ['endMs'], startedAt: ['endedAt'] },
    dependentSchemas: {
      endMs: { not: { anyOf: [{ required: ['startedAt'] }, { required: ['endedAt'] }] } },
      startedAt: { not: { required: ['startMs'] } },
      endedAt: { not: { required: ['startMs'] } },
    },
    if: { properties: { final: { enum: [false] } } },
    then: { required: ['segmentId'] },
    examples: [{ segmentId: 'one', final: true, text: 'Hello world', language: 'en', startMs: 12340, endMs: 13870 }],
  });

export type SegmentRequest = z.infer<typeof segmentRequestSchema>;

interface SegmentFields {
  readonly segmentId?: string | undefined;
  readonly final: boolean;
  readonly text: string;
  readonly words?: readonly { readonly text: string }[] | undefined;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
}

/** Contradictions between fields, as pairs of a field and what is wrong with it. */
function contradictions(request: SegmentFields): [string, string][] {
  const { segmentId, final, text, words, startMs, endMs, startedAt, endedAt } = request;
  const found: [string, string][] = [];
  if (!final && segmentId === undefined)
    found.push(['segmentId', 'is needed with final: false, to tell what follows it']);
  if ((startMs ?? endMs) !== undefined && (startedAt ?? endedAt) !== undefined)
    found.push(['startedAt', 'give times either as startMs and endMs or as startedAt and endedAt']);
  if (startMs !== undefined && endMs === undefined) found.push(['endMs', 'is needed with startMs']);
  if (startedAt !== undefined && endedAt === undefined) found.push(['endedAt', 'is needed with startedAt']);
  if (
    words !== undefined &&
    words.length > 0 &&
    plainLetters(text) !== plainLetters(words.map((word) => word.text).join(''))
  )
    found.push(['words', 'must be the words of text, in the same order']);
  const isBackwards = (startMs ?? 0) > (endMs ?? Infinity) || Date.parse(startedAt ?? '') > Date.parse(endedAt ?? '');
  if (isBackwards) found.push([startMs === undefined ? 'endedAt' : 'endMs', 'lies before the beginning']);
  return found;
}

/** What became of a segment. */
export const segmentAnswerSchema = z
  .object({
    segmentId: z.string().meta({ description: 'As listeners get it' }),
    status: z.enum(['published', 'held', 'repeated']),
  })
  .meta({ id: 'SegmentAnswer' });

export type SegmentAnswer = z.infer<typeof segmentAnswerSchema>;
