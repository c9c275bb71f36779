import { StandardSchemaValidationPipe, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AccessGuard } from './access.guard.js';
import { ProblemException } from './problem.exception.js';
import { ProblemFilter } from './problem.filter.js';
import { RequestLimits } from './request-limits.js';
import { RequestCheckInterceptor } from './request-check.interceptor.js';

/** What a schema has against a value. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  /** Zod's list of fields that the schema does not know. */
  readonly keys?: readonly string[];
}

/** What every request passes, in this order; the filter answers what any of them throws. */
export const HTTP_EDGE: Provider[] = [
  RequestLimits,
  { provide: APP_GUARD, useClass: AccessGuard },
  { provide: APP_INTERCEPTOR, useClass: RequestCheckInterceptor },
  // Validates each parameter that has a schema, as in `@Body({ schema })`.
  { provide: APP_PIPE, useValue: new StandardSchemaValidationPipe({ exceptionFactory: invalidRequest }) },
  { provide: APP_FILTER, useClass: ProblemFilter },
];

function invalidRequest(issues: readonly Issue[]): ProblemException {
  const errors = issues.flatMap(({ message, path = [], keys }) => {
    const parts = path.map((part) => String(typeof part === 'object' ? part.key : part));
    return (keys?.map((key) => [...parts, key]) ?? [parts]).map((at) => ({ path: at.join('.'), message }));
  });
  return new ProblemException('invalid_request', 'the request does not fit', { errors });
}
