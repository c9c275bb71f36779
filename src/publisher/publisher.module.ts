import { Module } from '@nestjs/common';
import { JournalModule } from '../transcripts/journal.module.js';
import { DataChannel } from './data-channel.js';
import { LiveKitDataChannel } from './livekit-data-channel.js';
import { PublisherService } from './publisher.service.js';

@Module({
  imports: [JournalModule],
  providers: [PublisherService, { provide: DataChannel, useClass: LiveKitDataChannel }],
})
export class PublisherModule {}
