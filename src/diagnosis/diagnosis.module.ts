import { Module } from '@nestjs/common';
import { MixerModule } from '../mixer/mixer.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DiagnosisController } from './diagnosis.controller.js';
import { DiagnosisService } from './diagnosis.service.js';
import { SessionExaminer } from './session-examiner.js';
import { SessionLog } from './session-log.js';

@Module({
  imports: [SessionsModule, MixerModule],
  controllers: [DiagnosisController],
  providers: [DiagnosisService, SessionExaminer, SessionLog],
})
export class DiagnosisModule {}
