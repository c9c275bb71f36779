/** What a child process may need of ours: no secret, since all that it must know comes by messages. */
const NEEDED = /^(PATH|HOME|TMPDIR|TZ|LANG|LC_.*|NODE_ENV|NODE_EXTRA_CA_CERTS|SSL_CERT_.*|RUST_LOG)$/;

export const childEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => NEEDED.test(name)));
