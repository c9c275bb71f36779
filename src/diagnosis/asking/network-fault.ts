/** Why no answer came, as far as it matters for what to do. */
export type NetworkFault = 'dns' | 'nothing-listens' | 'no-route' | 'tls' | 'timeout' | 'reset';

const CODES: readonly (readonly [RegExp, NetworkFault])[] = [
  [/^(ENOTFOUND|EAI_)/, 'dns'],
  [/^ECONNREFUSED$/, 'nothing-listens'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES|EPERM)$/, 'no-route'],
  [/^(ETIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT|TimeoutError|AbortError)$/, 'timeout'],
  [/CERT|^ERR_(SSL|TLS)|^EPROTO$|SIGNED|UNABLE_TO|SSL_WRONG_VERSION/, 'tls'],
];

/** A fault and the code that it was told by, which is safe to show. */
export interface Fault {
  readonly fault: NetworkFault;
  readonly code: string;
}

/** Reads an error of `fetch` or `ws`. What nobody knows counts as a connection that broke. */
export function networkFault(error: unknown): Fault {
  const codes = [...codesOf(error)];
  for (const [form, fault] of CODES) {
    const code = codes.find((each) => form.test(each));
    if (code !== undefined) return { fault, code };
  }
  return { fault: 'reset', code: codes[0] ?? 'unknown' };
}

/** Of the error, of what caused it, and of the several attempts that it may stand for. */
function* codesOf(error: unknown): Generator<string> {
  if (!(error instanceof Error)) return;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') yield code;
  if (error instanceof AggregateError) for (const each of error.errors) yield* codesOf(each);
  yield* codesOf(error.cause);
  if (error.name === 'TimeoutError' || error.name === 'AbortError') yield error.name;
}
