import { Module } from '@nestjs/common';
import { EgressModule } from '../egress/egress.module.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { AudioGateway } from './audio.gateway.js';
import { FrontDoor } from './front-door.js';
import { UpgradeGate } from './upgrade-gate.js';

@Module({
  imports: [EgressModule, MixerModule],
  providers: [AudioGateway, FrontDoor, UpgradeGate],
  exports: [AudioGateway],
})
export class AudioGatewayModule {}
