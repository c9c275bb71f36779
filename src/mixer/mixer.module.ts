import { Module } from '@nestjs/common';
import { gladiaConfig, mixerConfig, type GladiaConfig, type MixerConfig } from '../config/namespaces.js';
import { EventBus } from '../events/event-bus.js';
import { Clock, SystemClock } from '../media/clock.js';
import { MixSteps } from '../media/mix-steps.js';
import { MixedAudioSink } from '../media/mixed-audio-sink.js';
import { TrackAudioSink } from '../media/track-audio-sink.js';
import { TrackSpeechActivity } from '../media/track-speech-activity.js';
import { MixerReports } from './mixer-reports.js';
import { MixerService } from './mixer.service.js';
import { TranscriptionModule } from '../transcription/transcription.module.js';

@Module({
  imports: [TranscriptionModule],
  providers: [
    { provide: Clock, useClass: SystemClock },
    {
      provide: MixerService,
      inject: [EventBus, MixedAudioSink, Clock, mixerConfig.KEY, gladiaConfig.KEY],
      useFactory: (
        events: EventBus,
        sink: MixedAudioSink,
        clock: Clock,
        { drainMs, muteFadeMs }: MixerConfig,
        { channels }: GladiaConfig,
      ) => new MixerService(events, sink, clock, { drainMs, channels, muteFadeMs }),
    },
    { provide: TrackAudioSink, useExisting: MixerService },
    { provide: MixSteps, useExisting: MixerService },
    { provide: TrackSpeechActivity, useExisting: MixerService },
    MixerReports,
  ],
  exports: [TrackAudioSink, MixSteps, TrackSpeechActivity, MixerService],
})
export class MixerModule {}
