import { BadRequestException } from '@nestjs/common';
import { z } from 'zod';
import { speechOptionsSchema } from '../config/speech-options.js';

/** Body of `POST /sessions`. */
export const sessionRequestSchema = z.strictObject({
  room: z.string().min(1, 'must be the name of a LiveKit room').max(256),
  languages: speechOptionsSchema.shape.spoken,
  translation: speechOptionsSchema.shape.translateTo,
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
