import type { Finding } from '../check.js';

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

interface Peer {
  /** As it stands in a sentence: `LiveKit`. */
  readonly name: string;
  /** Which variable says where it is. */
  readonly variable: string;
  /** What is particular about a refused connection. */
  readonly whenRefused: string;
}

/** What the network may do on the way to a peer: the same for each, in the words that fit it. */
export function networkFindings({ name, variable, whenRefused }: Peer): Record<NetworkFault, Finding> {
  return {
    dns: {
      state: 'broken',
      meaning: `The host name of ${name} is not known here.`,
      remedy: `Look for a slip in ${variable}, and ask the DNS of this very host or container for it.`,
    },
    'nothing-listens': {
      state: 'broken',
      meaning: `The host of ${name} answers, and nothing listens at that port.`,
      remedy: whenRefused,
    },
    'no-route': {
      state: 'broken',
      meaning: `There is no way through the network to ${name}.`,
      remedy: 'Look at routes, firewall and network policy (egress rules of the namespace) of this host.',
    },
    tls: {
      state: 'broken',
      meaning: `The encrypted connection to ${name} cannot be made: the certificate does not fit, or the port speaks no TLS.`,
      remedy: `Give ${name} a certificate that is valid for the host name in ${variable}; for an authority of your own set NODE_EXTRA_CA_CERTS; where the port speaks no TLS use ws:// or http://.`,
    },
    timeout: {
      state: 'broken',
      meaning: `${name} does not answer in time.`,
      remedy: `A firewall that drops packets looks like this: allow the connection to the host and port in ${variable}; a proxy (HTTPS_PROXY) is not used.`,
    },
    reset: {
      state: 'broken',
      meaning: `The connection to ${name} is broken off before an answer comes.`,
      remedy: `Something in between closes it, or the port speaks another protocol: look at the scheme and port in ${variable}, and at the proxy's log.`,
    },
  };
}
