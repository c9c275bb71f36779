import type { z } from 'zod';

/** What a body says, where it is JSON of this form; else undefined. */
export function parsed<T>(schema: z.ZodType<T>, body: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body)).data;
  } catch {
    return undefined;
  }
}
