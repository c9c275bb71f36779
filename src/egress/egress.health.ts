import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { EgressService } from './egress.service.js';

/** Egress as the service sees it: how many tracks stream, wait or fail. Failing tracks degrade it; they do not put it down. */
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
