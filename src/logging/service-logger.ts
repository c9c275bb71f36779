import { isatty } from 'node:tty';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'log', 'debug'];
const STDOUT = 1;

/** Nest logs every module and route that it finds, which is of no use to operators. */
const STARTUP_CONTEXTS = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'WebSocketsController',
]);

/** Logs to the console, as text or as JSON, without Nest's messages about its own start. */
export class ServiceLogger extends ConsoleLogger {
  constructor(level: LogLevel, json: boolean) {
    super({ json, colors: !json && isatty(STDOUT), logLevels: LEVELS.slice(0, LEVELS.indexOf(level) + 1) });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && STARTUP_CONTEXTS.has(context)) return;
    super.log(message, ...rest);
  }
}
