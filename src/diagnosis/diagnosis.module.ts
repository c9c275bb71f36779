import { Module } from '@nestjs/common';
import { MixerModule } from '../mixer/mixer.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DiagnosisController } from './diagnosis.controller.js';
import { DiagnosisService } from './diagnosis.service.js';
import { SessionInspector } from './session-inspector.js';

@Module({
  imports: [SessionsModule, MixerModule],
  controllers: [DiagnosisController],
  providers: [DiagnosisService, SessionInspector],
})
export class DiagnosisModule {}
