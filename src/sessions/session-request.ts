import { z } from 'zod';
import { speechOptionsSchema } from '../config/speech-options.js';
import { limitSchema } from '../http/pagination.js';

/** Postgres accepts no NUL character in a text. */
const roomSchema = z
  .string()
  .min(1, 'must be the name of a LiveKit room')
  .max(256)
  // eslint-disable-next-line no-control-regex -- it is the one that is meant
  .regex(/^[^\u0000]*$/, 'must have no NUL character')
  .meta({ examples: ['team-standup'] });

export const sessionStatus = z.enum(['created', 'live', 'ending', 'ended']);
export const sessionSource = z.enum(['egress', 'paired-egress', 'room-egress', 'participant', 'auto']);

/** Body of `POST /sessions`. */
export const sessionRequestSchema = z
  .strictObject({
    room: roomSchema,
    languages: speechOptionsSchema.shape.spoken.meta({ examples: [['en', 'fr']] }),
    translation: speechOptionsSchema.shape.translateTo.meta({ examples: [['de']] }),
    options: speechOptionsSchema.optional(),
    source: sessionSource.optional(),
  })
  .meta({ id: 'SessionRequest', examples: [{ room: 'team-standup', languages: ['en', 'fr'], translation: ['de'] }] });

export type SessionRequest = z.infer<typeof sessionRequestSchema>;

/** The answer to a request that creates or changes a session. */
export const sessionSummarySchema = z
  .object({ id: z.string(), room: z.string(), status: sessionStatus })
  .meta({ id: 'SessionSummary' });

export type SessionSummary = z.infer<typeof sessionSummarySchema>;

const wallTime = z.iso.datetime({ offset: true }).meta({ examples: ['2026-01-31T09:00:00Z'] });

/** A position in the list of sessions: Unix time in milliseconds at which the session before it was created, and its id. */
const cursorSchema = z
  .string()
  .regex(/^\d{1,15}\.[\w-]{1,64}$/, 'must come from a Link header')
  .transform((text) => {
    const [createdAtMs = '', id = ''] = text.split('.');
    return { createdAtMs: Number(createdAtMs), id };
  });

/** Query of `GET /sessions`. */
export const sessionListQuerySchema = z.strictObject({
  room: roomSchema.optional(),
  status: sessionStatus.optional(),
  from: wallTime.optional().meta({ description: 'Only those created then or later' }),
  to: wallTime.optional().meta({ description: 'Only those created before' }),
  limit: limitSchema,
  cursor: cursorSchema.optional().meta({ description: 'As the `Link` header of the page before has it' }),
});

export type SessionListQuery = z.infer<typeof sessionListQuerySchema>;
