import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentSession, RequiresGrant } from '../http/access.js';
import { Returns } from '../http/api-docs.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { DiagnosisService, diagnosisSchema, type Diagnosis } from './diagnosis.service.js';

@ApiTags('sessions')
@Controller('sessions')
export class DiagnosisController {
  constructor(private readonly diagnosis: DiagnosisService) {}

  @Get(':id/diagnosis')
  @RequiresGrant('view')
  @ApiOperation({ summary: 'Which leg is broken and what to do, as `npm run doctor` tells it; takes a second or more' })
  @Returns(diagnosisSchema, { description: 'One row for each check' })
  getDiagnosis(@CurrentSession() session: SessionEntry): Promise<Diagnosis> {
    return this.diagnosis.diagnose(session);
  }
}
