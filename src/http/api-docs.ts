import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiExtension, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Message } from '../../libs/protocol/message.js';
import type { ProblemCode } from './problem.js';

export const EXAMPLE_SESSION_ID = '7f1c5b0e-8a44-4c0e-9d1b-2f6f1f0a9c11';

/** Before the code of each problem that an operation may answer with; the document turns them into responses. */
export const PROBLEM_EXTENSION = 'x-problem-';

/** Says in the API's description which errors a route may answer with. Those of several decorators add up. */
export const ApiProblem = (...codes: ProblemCode[]) =>
  applyDecorators(...codes.map((code) => ApiExtension(PROBLEM_EXTENSION + code, true)));

interface ReturnsOptions {
  readonly status?: number;
  readonly description: string;
  /** By name: what the header says. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The route answers with JSON of this schema. */
export function Returns(schema: z.ZodType, { status = 200, description, headers = {} }: ReturnsOptions) {
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, description, standardSchema: schema, ...headersOf(headers) }),
  );
}

/** The route answers with text of one of these content types. @param examples by content type */
export function ReturnsText(examples: Readonly<Record<string, string>>, description: string) {
  const entries = Object.entries(examples).map(
    ([type, example]) => [type, { schema: { type: 'string' as const }, example }] as const,
  );
  return ApiResponse({ status: 200, description, content: Object.fromEntries(entries) });
}

/** The route answers with server-sent events, whose data are messages as JSON. */
export function ReturnsEvents(description: string) {
  const schema = {
    type: 'string',
    contentMediaType: 'application/json',
    contentSchema: { $ref: '#/components/schemas/Message' },
  } as object;
  return ApiResponse({
    status: 200,
    description,
    content: { 'text/event-stream': { schema, example: `id: 42\ndata: ${JSON.stringify(EXAMPLE_MESSAGE)}\n\n` } },
  });
}

const EXAMPLE_MESSAGE = {
  ...{ v: 1, sessionId: EXAMPLE_SESSION_ID, seq: 42, type: 'status', status: 'live' },
  message: 'This conversation is being transcribed.',
} satisfies Message;

function headersOf(headers: Readonly<Record<string, string>>) {
  const entries = Object.entries(headers).map(
    ([name, description]) => [name, { description, schema: { type: 'string' as const } }] as const,
  );
  return entries.length > 0 ? { headers: Object.fromEntries(entries) } : {};
}
