import { Injectable } from '@nestjs/common';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { Overload } from '../sessions/overload.port.js';

/** Down while the event loop is too busy for more sessions. */
@Injectable()
export class OverloadHealth {
  constructor(
    private readonly overload: Overload,
    private readonly indicator: HealthIndicatorService,
  ) {}

  check(): HealthIndicatorResult {
    const check = this.indicator.check('load');
    const { overloaded, percent } = this.overload;
    return overloaded ? check.down({ percent }) : check.up({ percent });
  }
}
