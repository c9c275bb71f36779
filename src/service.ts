import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { EgressWsAdapter } from './audio-gateway/egress-ws.adapter.js';
import { Config } from './config/config.js';

const LEVELS: LogLevel[] = ['error', 'warn', 'log', 'debug'];

export interface Service {
  readonly app: NestExpressApplication;
  /** Opens the port; resolves with its number. */
  start(): Promise<number>;
}

/** The whole application, wired and configured from the environment, but not yet listening. @throws ConfigError */
export async function createService(): Promise<Service> {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
  const app = await NestFactory.create<NestExpressApplication>(AppModule, {
    abortOnError: false,
    bufferLogs: true,
    forceCloseConnections: true,
    rawBody: true,
  });
  const { http, log } = app.get(Config);
  app.useLogger(new ConsoleLogger({ json: log.json, logLevels: LEVELS.slice(0, LEVELS.indexOf(log.level) + 1) }));
  app.useBodyParser('json', { type: ['application/json', 'application/webhook+json'] });
  app.disable('x-powered-by');
  app.useWebSocketAdapter(new EgressWsAdapter(app));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
  describeApi(app);
  const start = async (): Promise<number> => {
    const server = await app.listen(http.port);
    return (server.address() as { port: number }).port;
  };
  return { app, start };
}

function describeApi(app: NestExpressApplication): void {
  const description = new DocumentBuilder().setTitle('Roomscribe').setVersion('1').addBearerAuth().build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description));
}
