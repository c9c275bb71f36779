import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EgressClient, RoomServiceClient, TokenVerifier, WebhookReceiver } from 'livekit-server-sdk';
import { Config } from '../config/config.js';
import { LiveKitHealth } from './livekit.health.js';
import { LiveKitWebhooks } from './livekit-webhooks.js';
import { ReachabilityProbe } from './reachability-probe.js';
import { RoomAccess } from './room-access.js';
import { RoomServiceClients } from './room-service-clients.js';

const REQUEST_TIMEOUT_S = 10;

/** LiveKit's own clients, made once from the configuration, for the drivers that stand behind the features' ports. */
@Global()
@Module({
  imports: [TerminusModule],
  providers: [
    {
      provide: RoomServiceClient,
      inject: [Config],
      useFactory: ({ livekit }: Config) =>
        new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret, {
          requestTimeout: REQUEST_TIMEOUT_S,
        }),
    },
    {
      provide: EgressClient,
      inject: [Config],
      useFactory: ({ livekit }: Config) =>
        // What was not answered may have begun all the same, and would begin once more in another region.
        new EgressClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret, {
          requestTimeout: REQUEST_TIMEOUT_S,
          failover: false,
        }),
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
