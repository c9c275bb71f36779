import { environmentSchema, type Environment } from './config-schema.js';
import { Config } from './config.js';

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
  const problems = parsed.success
    ? crossCheck(parsed.data)
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${sentence(issue.message)}`);
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return new Config(parsed.data, httpUrlOf(parsed.data) ?? '');
}

/** What no key can tell alone. */
function crossCheck(env: Environment): string[] {
  const problems: string[] = [];
  if (httpUrlOf(env) === undefined) {
    problems.push(
      'NEXT_PUBLIC_LIVEKIT_URL is missing: set it to wss://… of your LiveKit server (or set LIVEKIT_HTTP_URL)',
    );
  }
  if (env.NODE_ENV === 'production' && isLoopback(env.EGRESS_WEBSOCKET_BASE_URL)) {
    problems.push(
      'EGRESS_WEBSOCKET_BASE_URL names localhost, which an Egress elsewhere cannot reach: set it to wss://HOST/egress/audio of this service',
    );
  }
  return problems;
}

/** The server API's address: given, or that of the WebSocket with http for ws. */
function httpUrlOf(env: Environment): string | undefined {
  return env.LIVEKIT_HTTP_URL ?? env.NEXT_PUBLIC_LIVEKIT_URL?.replace(/^ws/, 'http');
}

function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** Zod says `Invalid input: expected number, received NaN`; a list of keys reads better with a verb after the key. */
function sentence(message: string): string {
  return /^(is|must|names) /.test(message)
    ? message
    : `is not valid (${message.charAt(0).toLowerCase()}${message.slice(1)})`;
}
