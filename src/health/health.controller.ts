import { applyDecorators, Controller, Get, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import type { Response } from 'express';
import { z } from 'zod';
import { EgressHealth } from '../egress/egress.health.js';
import { GladiaHealth } from '../gladia/gladia.health.js';
import { Public } from '../http/access.js';
import { Returns } from '../http/api-docs.js';
import { LiveKitHealth } from '../livekit/livekit.health.js';
import { DatabaseHealth } from '../store/database.health.js';
import { DrainHealth } from './drain.health.js';
import { EventLoopHealth } from './event-loop.health.js';
import { OverloadHealth } from './overload.health.js';

/** Without this, Terminus loads a second copy of the OpenAPI package to describe its answers. */
const UNDESCRIBED = { noCache: true, swaggerDocumentation: false };

const partsSchema = z.record(z.string(), z.looseObject({ status: z.enum(['up', 'down', 'degraded']) }));
const healthSchema = z
  .object({
    status: z.enum(['ok', 'error', 'degraded', 'shutting_down']),
    info: partsSchema.optional().meta({ description: 'The parts that are well' }),
    error: partsSchema.optional().meta({ description: 'The parts that are not' }),
    details: partsSchema.meta({ description: 'All parts' }),
  })
  .meta({
    id: 'Health',
    examples: [{ status: 'ok', info: { load: { status: 'up' } }, error: {}, details: { load: { status: 'up' } } }],
  });

/** A health check, whose answer looks the same with either status. */
const HealthRoute = (path: string, summary: string) =>
  applyDecorators(
    Get(path),
    HealthCheck(UNDESCRIBED),
    ApiOperation({ summary }),
    Returns(healthSchema, { status: 503, description: 'A part is not well' }),
    Returns(healthSchema, { description: 'Every part is well' }),
  );

/**
 * Liveness checks only whether the process answers: nothing else is repaired by a restart. Readiness checks whether it takes
 * new sessions. An outage of Gladia degrades the service and never makes it unhealthy: audio is kept meanwhile.
 */
@ApiTags('health')
@Controller()
@Public()
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

  @HealthRoute('health', 'All parts')
  getHealth(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#check(response, [
      () => this.drain.check(),
      () => this.overload.check(),
      () => this.eventLoop.check(),
      () => this.database.check(),
      () => this.livekit.check(),
      () => this.egress.check(),
      () => this.gladia.check(),
    ]);
  }

  @HealthRoute('health/live', 'Whether the process answers')
  getLiveness(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#check(response, []);
  }

  @HealthRoute('health/ready', 'Whether new sessions are taken')
  getReadiness(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#check(response, [() => this.drain.check(), () => this.overload.check(), () => this.eventLoop.check()]);
  }

  @HealthRoute('egress/health', 'Whether sound can come in by Egress')
  getEgressHealth(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#check(response, [() => this.livekit.check(), () => this.egress.check()]);
  }

  /** Terminus throws the result when a check fails; it is sent as it is, and not as a problem document. */
  async #check(response: Response, checks: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    try {
      return await this.health.check(checks);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(error.getStatus());
      return error.getResponse() as HealthCheckResult;
    }
  }
}
