import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { AppModule } from './app.module.js';
import { EgressWsAdapter } from './audio-gateway/egress-ws.adapter.js';
import { readConfig } from './config/app-config.module.js';
import { extensionModules } from './extensions/extensions.module.js';
import { ReachabilityProbe } from './livekit/reachability-probe.js';
import { ServiceLogger } from './logging/service-logger.js';

/** Connections that the kernel keeps until they are accepted: in a flood, a good one is among them. */
const BACKLOG = 4_096;

export interface Service {
  readonly app: NestExpressApplication;
  /** Opens the port; resolves with its number. */
  start(): Promise<number>;
}

/** The whole application, wired and configured from the environment, but not yet listening. @throws ConfigError */
export async function createService(): Promise<Service> {
  const config = readConfig();
  const root = { module: AppModule, imports: await extensionModules(config.extensions) };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
  const app = await NestFactory.create<NestExpressApplication>(root, {
    abortOnError: false,
    forceCloseConnections: true,
    logger: new ServiceLogger(config.log.level, config.log.json),
    rawBody: true,
  });
  app.useBodyParser('json', { type: ['application/json', 'application/webhook+json'] });
  app.disable('x-powered-by');
  app.useWebSocketAdapter(new EgressWsAdapter(app, app.get(ReachabilityProbe)));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  describeApi(app);
  const start = async (): Promise<number> => {
    // Nest hands it on to Node's server as it is.
    const where = { port: config.http.port, backlog: BACKLOG } as unknown as number;
    const server = await app.listen(where);
    const { port } = server.address() as AddressInfo;
    new Logger('Roomscribe').log(`listening on port ${port}`);
    return port;
  };
  return { app, start };
}

function describeApi(app: NestExpressApplication): void {
  const description = new DocumentBuilder().setTitle('Roomscribe').setVersion('1').addBearerAuth().build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, description));
}
