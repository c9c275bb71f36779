import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../media/clock.js';
import { MergeModule } from '../merge/merge.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { ClientTranscriptsController } from './client-transcripts.controller.js';
import { ClientTranscriptsService } from './client-transcripts.service.js';

@Module({
  imports: [SessionsModule, MergeModule],
  controllers: [ClientTranscriptsController],
  providers: [ClientTranscriptsService, { provide: Clock, useClass: SystemClock }],
})
export class ClientTranscriptsModule {}
