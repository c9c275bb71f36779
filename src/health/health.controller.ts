import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { EgressHealth } from '../egress/egress.health.js';
import { GladiaHealth } from '../gladia/gladia.health.js';
import { LiveKitHealth } from '../livekit/livekit.health.js';
import { DatabaseHealth } from '../store/database.health.js';
import { DrainHealth } from './drain.health.js';
import { EventLoopHealth } from './event-loop.health.js';

/**
 * Liveness asks only whether the process answers at all: a restart mends nothing else. Readiness asks whether it takes
 * new work. Gladia degrades the service and never takes it down: sound is kept while it is away.
 */
@ApiTags('health')
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly livekit: LiveKitHealth,
    private readonly database: DatabaseHealth,
    private readonly gladia: GladiaHealth,
    private readonly egress: EgressHealth,
    private readonly eventLoop: EventLoopHealth,
    private readonly drain: DrainHealth,
  ) {}

  @Get('health')
  @HealthCheck()
  async all() {
    return this.health.check([
      () => this.drain.check(),
      () => this.eventLoop.check(),
      () => this.database.check(),
      () => this.livekit.check(),
      () => this.egress.check(),
      () => this.gladia.check(),
    ]);
  }

  @Get('health/live')
  @HealthCheck()
  async live() {
    return this.health.check([]);
  }

  @Get('health/ready')
  @HealthCheck()
  async ready() {
    return this.health.check([() => this.drain.check(), () => this.eventLoop.check()]);
  }

  @Get('egress/health')
  @HealthCheck()
  async egressLeg() {
    return this.health.check([() => this.livekit.check(), () => this.egress.check()]);
  }
}
