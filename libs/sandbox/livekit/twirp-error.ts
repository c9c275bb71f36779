const STATUS_OF_CODE = {
  invalid_argument: 400,
  bad_route: 404,
  malformed: 400,
  unauthenticated: 401,
  not_found: 404,
  failed_precondition: 412,
  resource_exhausted: 429,
  internal: 500,
  unknown: 500,
  unimplemented: 501,
  unavailable: 503,
} as const;

export type TwirpCode = keyof typeof STATUS_OF_CODE;

/** An answer other than 200, as Twirp writes it: `{ "code", "msg" }`. */
export class TwirpError extends Error {
  constructor(
    readonly code: TwirpCode,
    message: string,
  ) {
    super(message);
  }

  get status(): number {
    return STATUS_OF_CODE[this.code];
  }

  toJSON(): object {
    return { code: this.code, msg: this.message };
  }
}

/** No answer at all: the connection breaks. */
export class LostAnswer extends Error {}

/** LiveKit's own errors cross its internal bus and come out with this prefix. */
export const serverError = (code: TwirpCode, message: string): TwirpError =>
  new TwirpError(code, `twirp error unknown: ${message}`);
