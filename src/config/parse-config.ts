import { environmentSchema } from './config-schema.js';
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
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${String(path[0])} ${sentence(message)}`),
    ...crossCheck(given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return new Config(parsed.data, { httpUrl: httpUrlOf(given) ?? '', wsUrl: wsUrlOf(given) ?? '' });
}

type Given = Readonly<Record<string, unknown>>;

/** What no key can tell alone. */
function crossCheck(given: Given): string[] {
  const problems: string[] = [];
  if (httpUrlOf(given) === undefined) {
    problems.push(
      'NEXT_PUBLIC_LIVEKIT_URL is missing: set it to wss://… of your LiveKit server (or set LIVEKIT_HTTP_URL)',
    );
  }
  if (given['NODE_ENV'] === 'production' && isLocalhost(given['EGRESS_WEBSOCKET_BASE_URL'])) {
    problems.push(
      'EGRESS_WEBSOCKET_BASE_URL names localhost, which an Egress elsewhere cannot reach: set it to wss://HOST/egress/audio of this service',
    );
  }
  return problems;
}

/** The server API's address: given, or that of the WebSocket with http for ws. */
function httpUrlOf(given: Given): string | undefined {
  const { LIVEKIT_HTTP_URL: http, NEXT_PUBLIC_LIVEKIT_URL: ws } = given;
  if (typeof http === 'string') return http;
  return typeof ws === 'string' ? ws.replace(/^ws/, 'http') : undefined;
}

/** Where participants connect: given, or that of the server API with ws for http. */
function wsUrlOf(given: Given): string | undefined {
  const { LIVEKIT_HTTP_URL: http, NEXT_PUBLIC_LIVEKIT_URL: ws } = given;
  if (typeof ws === 'string') return ws;
  return typeof http === 'string' ? http.replace(/^http/, 'ws') : undefined;
}

/** Unset, it is the default, which is one. A loopback address by number is somebody's choice: Egress on this very host. */
function isLocalhost(url: unknown): boolean {
  return typeof url !== 'string' || /^wss?:\/\/localhost([:/]|$)/i.test(url);
}

/** Zod says `Invalid input: expected number, received NaN`; a list of keys reads better with a verb after the key. */
function sentence(message: string): string {
  return /^(is|must|names) /.test(message)
    ? message
    : `is not valid (${message.charAt(0).toLowerCase()}${message.slice(1)})`;
}
