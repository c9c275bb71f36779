import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../media/clock.js';
import { PublisherModule } from '../publisher/publisher.module.js';
import { JournalModule } from '../transcripts/journal.module.js';
import { ClientSegments } from './client-segments.port.js';
import { MergeService } from './merge.service.js';

@Module({
  imports: [JournalModule, PublisherModule],
  providers: [
    MergeService,
    { provide: ClientSegments, useExisting: MergeService },
    { provide: Clock, useClass: SystemClock },
  ],
  exports: [ClientSegments],
})
export class MergeModule {}
