import type { AddressInfo } from 'node:net';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { EgressWsAdapter } from './audio-gateway/egress-ws.adapter.js';
import { AppConfigModule, readConfig } from './config/app-config.module.js';
import { extensionModules } from './extensions/extensions.module.js';
import { assertPageTokenReadsOnly } from './livekit/caption-page-token.js';
import { serveApiDocument } from './http/api-document.js';
import { parseBodies } from './http/body-parser.js';
import { allowOrigins } from './http/cors.js';
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
  await assertPageTokenReadsOnly(config);
  const extensions = await extensionModules(config.extensions.files);
  const root = { module: AppModule, imports: [AppConfigModule.register(config), ...extensions] };
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class
  const app = await NestFactory.create<NestExpressApplication>(root, {
    abortOnError: false,
    forceCloseConnections: true,
    logger: new ServiceLogger(config.log.level, config.log.json),
    bodyParser: false,
  });
  allowOrigins(app, config.http.corsOrigins);
  parseBodies(app);
  app.disable('x-powered-by');
  app.useWebSocketAdapter(new EgressWsAdapter(app, app.get(ReachabilityProbe)));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  if (config.http.docs) serveApiDocument(app);
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
