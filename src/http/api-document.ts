import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { messageSchema } from '../../libs/protocol/message.js';
import { PROBLEM_EXTENSION } from './api-docs.js';
import { problem, PROBLEMS, PROBLEM_TYPE, type ProblemCode } from './problem.js';

type Responses = Record<string, object>;
type Operation = Record<string, unknown> & { responses: Responses; requestBody?: object; security?: object[] };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** What any path may answer, so that no operation repeats it. */
const EVERYWHERE: readonly ProblemCode[] = [
  'method_not_allowed',
  'request_timeout',
  'request_header_fields_too_large',
  'internal_server_error',
];
/** What any path that takes a body may answer. */
const OF_BODIES: readonly ProblemCode[] = ['payload_too_large', 'unsupported_media_type'];
const DESCRIPTION = `Live transcription of LiveKit rooms. The credential is a LiveKit access token.

Every error is a problem document (RFC 9457) with a \`code\`. Any path may also answer with ${EVERYWHERE.map(
  (code) => `${PROBLEMS[code].status} \`${code}\``,
).join(', ')}.`;

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string().meta({ description: 'The phrase of the status' }),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What went wrong, for people' }),
    code: z.string().meta({ description: `One of ${Object.keys(PROBLEMS).join(', ')}` }),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'Each field that does not fit' }),
  })
  .meta({ id: 'Problem' });

/** Serves the OpenAPI document at `/docs-json`, and a page to read and try it at `/docs`. */
export function serveApiDocument(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => apiDocument(app));
}

function apiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Roomscribe')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    // Where the document is, so it is right under any base path.
    .addServer('.')
    .addTag('sessions', 'Make, start, end and look at sessions')
    .addTag('transcripts', 'What was said')
    .addTag('livekit', 'Called by LiveKit')
    .addTag('health', 'Called by probes and Prometheus')
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'Authorization', description: 'A JWT, as LiveKit signs it' },
      'webhook',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A LiveKit access token' });
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (_, method) => method,
    standardSchemaConverter: jsonSchema,
  });
  const { components } = jsonSchema(z.tuple([problemSchema, messageSchema]));
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...components } };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method] as unknown as Operation | undefined;
      if (operation !== undefined) complete(operation);
    }
  }
  return document;
}

/** Schemas with an `id` become components, under that name. */
function jsonSchema(schema: unknown) {
  const json = JSON.stringify(z.toJSONSchema(schema as z.ZodType, { io: 'input', override: keepDefaults }));
  const atHome = json.replaceAll('"#/$defs/', '"#/components/schemas/');
  const { $defs = {}, $schema: _, ...rest } = JSON.parse(atHome) as Record<string, object>;
  return { schema: rest, components: $defs as Record<string, never> };
}

/** Zod leaves these out where the text of a query becomes a number. */
function keepDefaults({
  zodSchema,
  jsonSchema,
}: Parameters<NonNullable<z.core.ToJSONSchemaParams['override']>>[0]): void {
  const { def } = zodSchema._zod;
  if (def.type === 'default') jsonSchema.default = def.defaultValue;
  const examples = z.globalRegistry.get(zodSchema)?.examples;
  if (examples !== undefined) jsonSchema.examples = examples as unknown[];
}

function complete(operation: Operation): void {
  // No security means that none is needed; left out, it would mean that nobody thought of it.
  operation.security ??= [];
  const said = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => operation[PROBLEM_EXTENSION + code] === true);
  for (const code of said) Reflect.deleteProperty(operation, PROBLEM_EXTENSION + code);
  const codes: readonly ProblemCode[] = ['invalid_request', ...(operation.requestBody ? OF_BODIES : []), ...said];
  for (const status of new Set(codes.map((code) => PROBLEMS[code].status))) {
    operation.responses[status] = problemResponse(codes.filter((code) => PROBLEMS[code].status === status));
  }
}

function problemResponse(codes: readonly ProblemCode[]): object {
  const statuses = codes.map((code) => PROBLEMS[code].status);
  const [status] = statuses;
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].meaning}`).join('\n\n'),
    ...headersOf(status, codes),
    content: {
      [PROBLEM_TYPE]: {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { summary: code, value: exampleOf(code) }])),
      },
    },
  };
}

function headersOf(status: number | undefined, codes: readonly ProblemCode[]): object {
  const header = (name: string, description: string): object => ({
    headers: { [name]: { description, schema: { type: 'string' } } },
  });
  if (status === PROBLEMS.unauthorized.status) return header('WWW-Authenticate', 'The scheme: Bearer');
  const isToWait = codes.includes('too_busy') || codes.includes('too_many_requests');
  return isToWait ? header('Retry-After', 'After how many seconds to try again') : {};
}

function exampleOf(code: ProblemCode): object {
  const { status, meaning } = PROBLEMS[code];
  const errors = code === 'invalid_request' ? [{ path: 'languages.0', message: 'must be a language' }] : undefined;
  return problem(status, code, meaning, errors);
}
