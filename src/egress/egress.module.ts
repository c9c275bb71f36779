import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EgressApi } from './egress-api.js';
import { EgressConnections } from './egress-connections.js';
import { EgressTokens } from './egress-tokens.js';
import { EgressHealth } from './egress.health.js';
import { EgressService } from './egress.service.js';
import { LiveKitEgressApi } from './livekit-egress-api.js';

@Module({
  imports: [TerminusModule],
  providers: [
    EgressService,
    EgressTokens,
    EgressHealth,
    { provide: EgressConnections, useExisting: EgressService },
    { provide: EgressApi, useClass: LiveKitEgressApi },
  ],
  exports: [EgressConnections, EgressHealth],
})
export class EgressModule {}
