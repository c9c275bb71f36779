import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Database } from './database.js';

/** Whether what is said is written down. Never down, only `degraded`: the room gets its words all the same. */
@Injectable()
export class DatabaseHealth {
  constructor(
    private readonly database: Database,
    private readonly indicator: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult {
    const { trouble } = this.database;
    const check = this.indicator.check('database');
    return trouble === undefined ? check.up({ state: 'up' }) : check.up({ state: 'degraded', reason: trouble });
  }
}
