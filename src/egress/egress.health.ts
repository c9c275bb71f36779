import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { EgressService } from './egress.service.js';

/** How many tracks Egress streams, queues or fails to stream. Failing tracks degrade the service and never make it unhealthy. */
@Injectable()
export class EgressHealth {
  constructor(
    private readonly egress: EgressService,
    private readonly indicator: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult {
    const tracks = this.egress.states();
    const failing = (tracks.failed ?? 0) + (tracks.restarting ?? 0);
    return this.indicator.check('egress').up({ tracks, ...(failing > 0 && { degraded: true }) });
  }
}
