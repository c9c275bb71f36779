import { Module } from '@nestjs/common';
import { JournalModule } from '../transcripts/journal.module.js';
import { DataChannel } from './data-channel.js';
import { LiveKitDataChannel } from './livekit-data-channel.js';
import { PublisherService } from './publisher.service.js';
import { SessionPublisher } from './session-publisher.port.js';
import { AudioLatencies } from './audio-latency.js';
import { TranscriptHooksModule } from './transcript-hooks.module.js';

@Module({
  imports: [JournalModule, TranscriptHooksModule],
  providers: [
    PublisherService,
    AudioLatencies,
    { provide: SessionPublisher, useExisting: PublisherService },
    { provide: DataChannel, useClass: LiveKitDataChannel },
  ],
  exports: [SessionPublisher],
})
export class PublisherModule {}
