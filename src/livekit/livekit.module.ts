import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EgressClient, RoomServiceClient, TokenVerifier, WebhookReceiver } from 'livekit-server-sdk';
import { livekitConfig, type LiveKitConfig } from '../config/namespaces.js';
import { egressClient, roomServiceClient } from './livekit-clients.js';
import { AccessTickets } from './access-tickets.js';
import { ApiBudget } from './api-budget.js';
import { LiveKitHealth } from './livekit.health.js';
import { AccessTokenVerifier, SignedWebhookReceiver } from './signing-keys.js';
import { LiveKitWebhooks } from './livekit-webhooks.js';
import { ReachabilityProbe } from './reachability-probe.js';
import { RoomAccess } from './room-access.js';
import { RoomServiceClients } from './room-service-clients.js';

/** LiveKit's clients, created once from the configuration. */
@Global()
@Module({
  imports: [TerminusModule],
  providers: [
    {
      provide: RoomServiceClient,
      inject: [livekitConfig.KEY],
      useFactory: (config: LiveKitConfig) => roomServiceClient(config),
    },
    {
      provide: EgressClient,
      inject: [livekitConfig.KEY],
      useFactory: (config: LiveKitConfig) => egressClient(config),
    },
    {
      provide: WebhookReceiver,
      inject: [livekitConfig.KEY],
      useFactory: (config: LiveKitConfig) => new SignedWebhookReceiver(config),
    },
    {
      provide: TokenVerifier,
      inject: [livekitConfig.KEY],
      useFactory: (config: LiveKitConfig) => new AccessTokenVerifier(config),
    },
    AccessTickets,
    ApiBudget,
    LiveKitWebhooks,
    LiveKitHealth,
    ReachabilityProbe,
    RoomAccess,
    RoomServiceClients,
  ],
  exports: [
    AccessTickets,
    ApiBudget,
    EgressClient,
    LiveKitHealth,
    LiveKitWebhooks,
    ReachabilityProbe,
    RoomAccess,
    RoomServiceClients,
    RoomServiceClient,
  ],
})
export class LiveKitModule {}
