import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Drain } from '../sessions/drain.port.js';

/** Down while the service is on its way out. */
@Injectable()
export class DrainHealth {
  constructor(
    private readonly drain: Drain,
    private readonly indicator: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult {
    const session = this.indicator.check('accepting');
    return this.drain.draining ? session.down({ message: 'draining' }) : session.up();
  }
}
