import { z } from 'zod';
import { messageSchema } from '../../libs/protocol/message.js';

/** What the schemas of the messages use of JSON Schema (draft 2020-12). */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** One JSON Schema for all messages: each by its name in `$defs`, and `Message`, which is any of them. */
export function messagesSchema(): JsonSchema {
  const { $schema, ...schema } = z.toJSONSchema(messageSchema, { target: 'draft-2020-12' }) as JsonSchema;
  return { $schema, title: 'Messages of Roomscribe', ...withOpenObjects(schema) };
}

/** Without the patterns of dates, whose `format` is enough, and open for fields of later versions. */
function withOpenObjects<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withOpenObjects) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([keyword, content]) => keyword !== 'pattern' && !(keyword === 'additionalProperties' && content === false),
  );
  return Object.fromEntries(kept.map(([keyword, content]) => [keyword, withOpenObjects(content as unknown)])) as T;
}
