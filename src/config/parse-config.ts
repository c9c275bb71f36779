import { environmentSchema } from './config-schema.js';
import { configOf, type Config } from './config.js';

/** The environment does not fit. Lists every bad or missing key and what to do about it, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`the configuration does not fit:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Parses the whole environment at once; an empty variable counts as unset.
 * @throws ConfigError listing all problems.
 */
export function parseConfig(environment: Record<string, unknown>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(given);
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])} ${sentence(message)}`),
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
