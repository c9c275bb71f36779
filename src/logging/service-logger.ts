import { isatty } from 'node:tty';
import { ConsoleLogger, type LogLevel } from '@nestjs/common';

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'log', 'debug'];
const STDOUT = 1;

/** Nest tells of every module and route that it finds; that is of use to nobody who runs the service. */
const CHATTER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'WebSocketsController']);

/** One line for each transition in a session's life, as text or as JSON. */
export class ServiceLogger extends ConsoleLogger {
  constructor(level: LogLevel, json: boolean) {
    super({ json, colors: !json && isatty(STDOUT), logLevels: LEVELS.slice(0, LEVELS.indexOf(level) + 1) });
  }

  override log(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    if (typeof context === 'string' && CHATTER.has(context)) return;
    super.log(message, ...rest);
  }
}
