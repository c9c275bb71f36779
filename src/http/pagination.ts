import type { Response } from 'express';
import { z } from 'zod';

const DEFAULT_LIMIT = 100;
const MOST = 1_000;
/** Postgres's `integer` ends here, and so do the numbers of messages. */
const MOST_SEQ = 2_147_483_647;

/** A whole number in a query, where everything is text. */
const integer = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );

export const limitSchema = integer(1, MOST)
  .default(DEFAULT_LIMIT)
  .meta({ description: 'How many at most', examples: [DEFAULT_LIMIT] });

export const afterSchema = integer(0, MOST_SEQ)
  .optional()
  .meta({ description: 'Only those whose `seq` is higher', examples: [42] });

/** What the `Link` header of a list says. */
export const LINK_DESCRIPTION = '`<…>; rel="next"` where there is more: the next page, relative to this address';

/**
 * Tells the reader of a list where it goes on. The link is the query alone, so it fits whatever path a proxy puts in
 * front of ours.
 */
export function linkNext(response: Response, query: Readonly<Record<string, string | number | undefined>>): void {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) next.set(name, String(value));
  response.set('Link', `<?${next.toString()}>; rel="next"`);
}
