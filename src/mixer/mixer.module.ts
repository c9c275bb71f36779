import { Module } from '@nestjs/common';
import { GladiaModule } from '../gladia/gladia.module.js';
import { Clock, SystemClock } from '../media/clock.js';
import { TrackAudioSink } from '../media/track-audio-sink.js';
import { MixerReports } from './mixer-reports.js';
import { MixerService } from './mixer.service.js';

@Module({
  imports: [GladiaModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    MixerService,
    MixerReports,
    { provide: TrackAudioSink, useExisting: MixerService },
  ],
  exports: [TrackAudioSink, MixerService],
})
export class MixerModule {}
