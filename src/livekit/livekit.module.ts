import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EgressClient, RoomServiceClient, TokenVerifier, WebhookReceiver } from 'livekit-server-sdk';
import { Config } from '../config/config.js';
import { egressClient, roomServiceClient } from './livekit-clients.js';
import { LiveKitHealth } from './livekit.health.js';
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
      inject: [Config],
      useFactory: (config: Config) => roomServiceClient(config),
    },
    {
      provide: EgressClient,
      inject: [Config],
      useFactory: (config: Config) => egressClient(config),
    },
    {
      provide: WebhookReceiver,
      inject: [Config],
      useFactory: ({ livekit }: Config) => new WebhookReceiver(livekit.apiKey, livekit.apiSecret),
    },
    {
      provide: TokenVerifier,
      inject: [Config],
      useFactory: ({ livekit }: Config) => new TokenVerifier(livekit.apiKey, livekit.apiSecret),
    },
    LiveKitWebhooks,
    LiveKitHealth,
    ReachabilityProbe,
    RoomAccess,
    RoomServiceClients,
  ],
  exports: [
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
