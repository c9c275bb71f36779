import { environmentSchema } from './config-schema.js';
import { configOf, type Config } from './config.js';
import { withSecretFiles } from './secret-files.js';

/** The environment does not fit. Lists every bad or missing key and what to do about it, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`the configuration does not fit:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Parses the whole environment at once, with the secrets that files hold; an empty variable counts as unset.
 * @throws ConfigError listing all problems.
 */
export function parseConfig(environment: Record<string, unknown>): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { environment: given, problems: unreadable } = withSecretFiles(set);
  const parsed = environmentSchema.safeParse(given);
  // A secret whose file cannot be read is no missing one.
  const isUnreadable = (name: string): boolean => unreadable.some((problem) => problem.startsWith(`${name}_FILE `));
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !isUnreadable(String(path[0])));
  const problems = [
    ...unreadable,
    ...issues.map(({ path, message }) => `${String(path[0])} ${sentence(message)}`),
    ...crossCheck(given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return configOf(parsed.data);
}

type Given = Readonly<Record<string, unknown>>;

/** Rules that concern more than one variable. */
function crossCheck(given: Given): string[] {
  const problems: string[] = [];
  if (given['LIVEKIT_HTTP_URL'] === undefined && given['NEXT_PUBLIC_LIVEKIT_URL'] === undefined) {
    problems.push(
      'NEXT_PUBLIC_LIVEKIT_URL is missing: set it to wss://… of your LiveKit server (or set LIVEKIT_HTTP_URL)',
    );
  }
  if (given['NODE_ENV'] === 'production' && isLocalhost(given['EGRESS_WEBSOCKET_BASE_URL'])) {
    problems.push(
      'EGRESS_WEBSOCKET_BASE_URL names localhost, which an Egress elsewhere cannot reach: set it to wss://HOST/egress/audio of this service',
    );
  }
  if ((given['WEBHOOK_URL'] === undefined) !== (given['WEBHOOK_SECRET'] === undefined)) {
    problems.push(
      'WEBHOOK_URL and WEBHOOK_SECRET go together: set both, or neither (openssl rand -base64 32 makes a secret)',
    );
  }
  if ((given['LIVEKIT_API_KEY_2'] === undefined) !== (given['LIVEKIT_API_SECRET_2'] === undefined)) {
    problems.push('LIVEKIT_API_KEY_2 and LIVEKIT_API_SECRET_2 belong together: set both, or none');
  }
  if (given['LIVEKIT_API_KEY_2'] !== undefined && given['LIVEKIT_API_KEY_2'] === given['LIVEKIT_API_KEY']) {
    problems.push('LIVEKIT_API_KEY_2 must be another key than LIVEKIT_API_KEY');
  }
  return problems;
}

/** Unset, it is: so is the default. A loopback address by number is a choice: Egress on the same host. */
function isLocalhost(url: unknown): boolean {
  return typeof url !== 'string' || /^wss?:\/\/localhost([:/]|$)/i.test(url);
}

/** Zod says `Invalid input: expected number, received NaN`; a list of keys reads better with a verb after the key. */
function sentence(message: string): string {
  return /^(is|must|names) /.test(message)
    ? message
    : `is not valid (${message.charAt(0).toLowerCase()}${message.slice(1)})`;
}
