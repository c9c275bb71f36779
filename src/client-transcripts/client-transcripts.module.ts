import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../media/clock.js';
import { PublisherModule } from '../publisher/publisher.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { JournalModule } from '../transcripts/journal.module.js';
import { ClientTranscriptsController } from './client-transcripts.controller.js';
import { ClientTranscriptsService } from './client-transcripts.service.js';

@Module({
  imports: [SessionsModule, JournalModule, PublisherModule],
  controllers: [ClientTranscriptsController],
  providers: [ClientTranscriptsService, { provide: Clock, useClass: SystemClock }],
})
export class ClientTranscriptsModule {}
