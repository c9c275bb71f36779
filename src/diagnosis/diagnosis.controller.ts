import { Controller, Get, Headers, NotFoundException, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RoomAccess } from '../livekit/room-access.js';
import { SessionDirectory } from '../sessions/session-directory.port.js';
import { DiagnosisService, type Diagnosis } from './diagnosis.service.js';

@ApiTags('sessions')
@ApiBearerAuth()
@Controller('sessions')
export class DiagnosisController {
  constructor(
    private readonly directory: SessionDirectory,
    private readonly access: RoomAccess,
    private readonly diagnosis: DiagnosisService,
  ) {}

  @Get(':id/diagnosis')
  @ApiOperation({ summary: 'Which leg is broken and what to do, as `npm run doctor` tells it; takes a second or more' })
  async diagnose(
    @Headers('authorization') authorization: string | undefined,
    @Param('id') id: string,
  ): Promise<Diagnosis> {
    const grants = await this.access.grants(authorization);
    const session = await this.directory.lookUp(id);
    if (session === undefined) throw new NotFoundException('no such session');
    grants.assertReads(session.room);
    return this.diagnosis.diagnose(session);
  }
}
