import { Module } from '@nestjs/common';
import { JournalModule } from '../transcripts/journal.module.js';
import { DataChannel } from './data-channel.js';
import { LiveKitDataChannel } from './livekit-data-channel.js';
import { PublisherService } from './publisher.service.js';
import { TranscriptGates } from './transcript-gates.port.js';

@Module({
  imports: [JournalModule],
  providers: [PublisherService, TranscriptGates, { provide: DataChannel, useClass: LiveKitDataChannel }],
  exports: [TranscriptGates],
})
export class PublisherModule {}
