import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Drain } from '../sessions/drain.port.js';

/** Down while the service shuts down. */
@Injectable()
export class DrainHealth {
  constructor(
    private readonly drain: Drain,
    private readonly indicator: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult {
    const check = this.indicator.check('accepting');
    return this.drain.draining ? check.down({ message: 'draining' }) : check.up();
  }
}
