import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { EgressHealth } from '../egress/egress.health.js';
import { GladiaHealth } from '../gladia/gladia.health.js';
import { LiveKitHealth } from '../livekit/livekit.health.js';
import { DatabaseHealth } from '../store/database.health.js';
import { DrainHealth } from './drain.health.js';
import { EventLoopHealth } from './event-loop.health.js';
import { OverloadHealth } from './overload.health.js';

/** Terminus would load a second copy of the whole OpenAPI package to describe its answers. */
const UNDESCRIBED = { noCache: true, swaggerDocumentation: false };

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
    private readonly overload: OverloadHealth,
  ) {}

  @Get('health')
  @HealthCheck(UNDESCRIBED)
  async all() {
    return this.health.check([
      () => this.drain.check(),
      () => this.overload.check(),
      () => this.eventLoop.check(),
      () => this.database.check(),
      () => this.livekit.check(),
      () => this.egress.check(),
      () => this.gladia.check(),
    ]);
  }

  @Get('health/live')
  @HealthCheck(UNDESCRIBED)
  async live() {
    return this.health.check([]);
  }

  @Get('health/ready')
  @HealthCheck(UNDESCRIBED)
  async ready() {
    return this.health.check([() => this.drain.check(), () => this.overload.check(), () => this.eventLoop.check()]);
  }

  @Get('egress/health')
  @HealthCheck(UNDESCRIBED)
  async egressLeg() {
    return this.health.check([() => this.livekit.check(), () => this.egress.check()]);
  }
}
