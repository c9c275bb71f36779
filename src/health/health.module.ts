import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { EgressModule } from '../egress/egress.module.js';
import { GladiaModule } from '../gladia/gladia.module.js';
import { DrainHealth } from './drain.health.js';
import { EventLoopHealth } from './event-loop.health.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { OverloadHealth } from './overload.health.js';

@Module({
  imports: [TerminusModule.forRoot({ logger: false }), EgressModule, GladiaModule],
  controllers: [HealthController, MetricsController],
  providers: [EventLoopHealth, DrainHealth, OverloadHealth],
})
export class HealthModule {}
