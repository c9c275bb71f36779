import { STATUS_CODES } from 'node:http';

export const PROBLEM_TYPE = 'application/problem+json';

/** The codes of the API's errors: the status of each, and when it is sent. A code never changes its meaning. */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    meaning: 'The body, a parameter or the query does not fit; `errors` names each field.',
  },
  unauthorized: { status: 401, meaning: 'The access token is missing, expired or not signed with our LiveKit secret.' },
  forbidden: { status: 403, meaning: 'The access token does not grant this in that room.' },
  no_session: { status: 404, meaning: 'The room has no session that runs.' },
  not_found: { status: 404, meaning: 'There is no such session, or no such path.' },
  method_not_allowed: { status: 405, meaning: 'The path has other methods; `Allow` lists them.' },
  request_timeout: { status: 408, meaning: 'The request did not arrive in time.' },
  session_ended: { status: 409, meaning: 'The session is ending or has ended.' },
  session_live: { status: 409, meaning: 'The session has not ended yet.' },
  session_not_live: { status: 409, meaning: 'The session is not live yet.' },
  payload_too_large: { status: 413, meaning: 'The body is too large.' },
  unsupported_media_type: { status: 415, meaning: 'The body is not of the content type that the path takes.' },
  too_many_requests: { status: 429, meaning: 'Too many at once; `Retry-After` says how many seconds to wait.' },
  request_header_fields_too_large: { status: 431, meaning: 'The head of the request is too large.' },
  internal_server_error: { status: 500, meaning: 'A fault of the service; its log has more.' },
  too_busy: { status: 503, meaning: 'Too busy for more sessions; `Retry-After` says how many seconds to wait.' },
  draining: { status: 503, meaning: 'The service is shutting down and takes no new sessions.' },
  database_unavailable: { status: 503, meaning: 'The database does not answer.' },
} as const satisfies Readonly<Record<string, { readonly status: number; readonly meaning: string }>>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One field that does not fit. */
export interface FieldError {
  /** Where it is, such as `languages.0`; empty for the whole body or query. */
  readonly path: string;
  readonly message: string;
}

/** The body of every error (RFC 9457). */
export interface ProblemBody {
  readonly type: string;
  /** The phrase of the status. */
  readonly title: string;
  readonly status: number;
  /** What went wrong this time, for people. */
  readonly detail: string;
  readonly code: string;
  readonly errors?: readonly FieldError[];
}

export function problem(status: number, code: string, detail: string, errors?: readonly FieldError[]): ProblemBody {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, code, ...(errors && { errors }) };
}

/** The code of an error that has only a status: the status's phrase, such as `not_found`. */
export function codeOfStatus(status: number): string {
  if (status === PROBLEMS.invalid_request.status) return 'invalid_request';
  const phrase = STATUS_CODES[status] ?? 'error';
  return phrase.toLowerCase().replace(/[^a-z]+/g, '_');
}
