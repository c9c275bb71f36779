import { Module } from '@nestjs/common';
import { TranscriptsModule } from '../transcripts/transcripts.module.js';
import { DataChannel } from './data-channel.js';
import { LiveKitDataChannel } from './livekit-data-channel.js';
import { PublisherService } from './publisher.service.js';

@Module({
  imports: [TranscriptsModule],
  providers: [PublisherService, { provide: DataChannel, useClass: LiveKitDataChannel }],
})
export class PublisherModule {}
