import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Database } from './database.js';

/** Whether the last query worked. Never down, only `degraded`: the room gets its captions without a database. */
@Injectable()
export class DatabaseHealth {
  constructor(
    private readonly database: Database,
    private readonly indicator: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult {
    const { problem } = this.database;
    const check = this.indicator.check('database');
    return problem === undefined ? check.up({ state: 'up' }) : check.up({ state: 'degraded', reason: problem });
  }
}
