import { BadRequestException } from '@nestjs/common';
import { z } from 'zod';

const LONGEST_TEXT = 4_000;
const MOST_WORDS = 500;

const ms = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
const wordSchema = z.strictObject({
  text: z.string().min(1).max(100),
  startMs: ms,
  endMs: ms,
  confidence: z.number().min(0).max(1).optional(),
});

/** Body of `POST /sessions/{id}/transcript`: what a browser made of its own participant's speech. */
export const segmentRequestSchema = z.strictObject({
  segmentId: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
    .optional(),
  revision: z.int().min(1).max(1_000_000).optional(),
  final: z.boolean(),
  text: z.string().max(LONGEST_TEXT),
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
  words: z.array(wordSchema).max(MOST_WORDS).optional(),
});

export type SegmentRequest = z.infer<typeof segmentRequestSchema>;

/** @throws BadRequestException (400) naming every field that does not fit. */
export function parseSegmentRequest(body: unknown): SegmentRequest {
  const parsed = segmentRequestSchema.safeParse(body ?? {});
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  if (parsed.success && problems.length === 0) return parsed.data;
  throw new BadRequestException({ statusCode: 400, error: 'Bad Request', message: problems });
}

/** What no field can tell alone. */
function contradictions(request: SegmentRequest): string[] {
  const { segmentId, final, startMs, endMs, startedAt, endedAt } = request;
  const problems: string[] = [];
  if (!final && segmentId === undefined)
    problems.push('segmentId: is needed with final: false, to tell what follows it');
  if ((startMs ?? endMs) !== undefined && (startedAt ?? endedAt) !== undefined)
    problems.push('startedAt: give times either as startMs and endMs or as startedAt and endedAt');
  if (startMs !== undefined && endMs === undefined) problems.push('endMs: is needed with startMs');
  if (startedAt !== undefined && endedAt === undefined) problems.push('endedAt: is needed with startedAt');
  const isBackwards = (startMs ?? 0) > (endMs ?? Infinity) || Date.parse(startedAt ?? '') > Date.parse(endedAt ?? '');
  if (isBackwards) problems.push(`${startMs === undefined ? 'endedAt' : 'endMs'}: lies before the beginning`);
  return problems;
}
