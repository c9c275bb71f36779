import { BadRequestException } from '@nestjs/common';
import { z } from 'zod';
import { speechOptionsSchema } from '../config/speech-options.js';

const languageCodes = z.array(z.string().regex(/^[a-z]{2,3}$/, 'must be an ISO 639-1 code such as en')).max(20);

/** Body of `POST /sessions`. */
export const sessionRequestSchema = z.strictObject({
  room: z.string().min(1, 'must be the name of a LiveKit room').max(256),
  languages: languageCodes.optional(),
  translation: languageCodes.optional(),
  options: speechOptionsSchema.optional(),
  source: z.enum(['egress', 'paired-egress', 'room-egress', 'participant', 'auto']).optional(),
});

export type SessionRequest = z.infer<typeof sessionRequestSchema>;

/** @throws BadRequestException (400) naming every field that does not fit. */
export function parseSessionRequest(body: unknown): SessionRequest {
  const parsed = sessionRequestSchema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
  throw new BadRequestException({ statusCode: 400, error: 'Bad Request', message: problems });
}
