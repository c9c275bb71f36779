/** Why no answer came, as far as it matters for what to do. */
export type NetworkFault = 'dns' | 'nothing-listens' | 'no-route' | 'tls' | 'timeout' | 'reset';

const CODES: readonly (readonly [RegExp, NetworkFault])[] = [
  [/^(ENOTFOUND|EAI_)/, 'dns'],
  [/^ECONNREFUSED$/, 'nothing-listens'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/, 'no-route'],
  [/^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|TimeoutError|AbortError)$/, 'timeout'],
  [/CERT|^ERR_(SSL|TLS)|^EPROTO$|SIGNED|UNABLE_TO|SSL_WRONG_VERSION/, 'tls'],
];

/** A fault and the error code that shows it, which is safe to print. */
export interface Fault {
  readonly fault: NetworkFault;
  readonly code: string;
}

/** Reads an error of `fetch` or `ws`. An unknown code counts as a broken connection. */
export function networkFault(error: unknown): Fault {
  const codes = [...codesOf(error)];
  for (const [form, fault] of CODES) {
    const code = codes.find((each) => form.test(each));
    if (code !== undefined) return { fault, code };
  }
  return { fault: 'reset', code: codes[0] ?? 'unknown' };
}

interface Coded {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  /** Of several attempts that failed together. */
  readonly errors?: unknown;
}

/** Of the error, of what caused it, and of the several attempts that it may stand for. */
function* codesOf(error: unknown): Generator<string> {
  if (typeof error !== 'object' || error === null) return;
  const { name, code, cause, errors }: Coded = error;
  if (typeof code === 'string') yield code;
  if (Array.isArray(errors)) for (const each of errors) yield* codesOf(each);
  yield* codesOf(cause);
  if (name === 'TimeoutError' || name === 'AbortError') yield name;
}
