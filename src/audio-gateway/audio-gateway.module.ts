import { Module } from '@nestjs/common';
import { EgressModule } from '../egress/egress.module.js';
import { MixSteps } from '../media/mix-steps.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { AudioGateway } from './audio.gateway.js';
import { FrontDoor } from './front-door.js';
import { ReadingRounds } from './reading-rounds.js';
import { UpgradeGate } from './upgrade-gate.js';

@Module({
  imports: [EgressModule, MixerModule],
  providers: [
    AudioGateway,
    FrontDoor,
    UpgradeGate,
    {
      provide: ReadingRounds,
      inject: [MixSteps],
      useFactory: (steps: MixSteps) => {
        const rounds = new ReadingRounds();
        steps.before(() => rounds.round(performance.now()));
        return rounds;
      },
    },
  ],
  exports: [AudioGateway],
})
export class AudioGatewayModule {}
