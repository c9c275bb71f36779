import type { JsonSchema } from './json-schema.js';

const HEADER = `// Written by \`npm run docs:messages\` from libs/protocol/message.ts: what the fields mean stands there.
`;

/** TypeScript types of the messages, which need no package. */
export function typescript({ $defs: schemas = {} }: JsonSchema): string {
  const declarations = Object.entries(schemas).map(([name, schema]) =>
    schema.properties ? `export interface ${name} ${objectOf(schema)}` : `export type ${name} = ${typeOf(schema)};`,
  );
  return [HEADER, ...declarations].join('\n');
}

/** @throws Error for a keyword that no schema of ours has had yet */
function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '');
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  const either = schema.oneOf ?? schema.anyOf;
  if (either) return either.map(typeOf).join(' | ');
  switch (schema.type) {
    case 'object':
      return objectOf(schema);
    case 'array':
      return `readonly (${schema.items ? typeOf(schema.items) : 'unknown'})[]`;
    case 'integer':
      return 'number';
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
      return schema.type;
    default:
      throw new Error(`no TypeScript type for ${JSON.stringify(schema)}`);
  }
}

function objectOf({ properties = {}, required = [] }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, schema]) =>
    required.includes(name)
      ? `readonly ${name}: ${typeOf(schema)};`
      : `readonly ${name}?: ${typeOf(schema)} | undefined;`,
  );
  return `{\n${fields.join('\n')}\n}\n`;
}

const literal = (value: unknown): string => `'${String(value)}'`.replace(/^'(\d+)'$/, '$1');
