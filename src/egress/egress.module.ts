import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { egressConfig, type EgressConfig } from '../config/namespaces.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { EgressSlots } from './egress-slots.port.js';
import { EgressApi } from './egress-api.js';
import { EgressCircuit } from './egress-circuit.js';
import { EgressConnections } from './egress-connections.port.js';
import { EgressInventory } from './egress-inventory.js';
import { EgressOutage } from './egress-outage.js';
import { EgressSources } from './egress-sources.js';
import { EgressTokens } from './egress-tokens.js';
import { EgressHealth } from './egress.health.js';
import { EgressService } from './egress.service.js';
import { ForeignEgresses } from './foreign-egresses.js';
import { SlotRelease } from './slot-release.js';
import { OrphanReaper } from './orphan-reaper.js';
import { LiveKitEgressApi } from './livekit-egress-api.js';
import { LocalEgressSlots } from './local-egress-slots.js';

@Module({
  imports: [TerminusModule, MixerModule, SessionsModule],
  providers: [
    EgressService,
    EgressTokens,
    EgressHealth,
    EgressSources,
    EgressOutage,
    SlotRelease,
    EgressInventory,
    ForeignEgresses,
    OrphanReaper,
    { provide: EgressCircuit, useFactory: () => new EgressCircuit() },
    {
      provide: EgressSlots,
      inject: [egressConfig.KEY],
      useFactory: ({ maxConcurrent }: EgressConfig) => new LocalEgressSlots(maxConcurrent),
    },
    { provide: EgressConnections, useExisting: EgressService },
    { provide: EgressApi, useClass: LiveKitEgressApi },
  ],
  exports: [EgressConnections, EgressHealth, EgressSlots],
})
export class EgressModule {}
