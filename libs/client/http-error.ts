/** An answer of the service that is not the wanted one. */
export class HttpError extends Error {
  /** How long the service asks to wait before the next request. */
  readonly retryAfterMs: number;

  /** The token or ticket is not valid, or not for this. */
  readonly isRefusal: boolean;

  constructor({ status, headers }: Response) {
    super(`HTTP ${status}`);
    this.retryAfterMs = (Number(headers.get('Retry-After')) || 0) * 1_000;
    this.isRefusal = status === 401 || status === 403;
  }
}
