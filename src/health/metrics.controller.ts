import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../http/access.js';
import { ReturnsText } from '../http/api-docs.js';
import { Metrics } from '../metrics/metrics.js';

@ApiTags('health')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus' })
  @ReturnsText({ 'text/plain': 'roomscribe_sessions_live 3\n' }, 'Every metric')
  async getMetrics(@Res() response: Response): Promise<void> {
    response.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
