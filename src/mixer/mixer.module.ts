import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
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
      inject: [EventBus, MixedAudioSink, Clock, Config],
      useFactory: (events: EventBus, sink: MixedAudioSink, clock: Clock, { sessions, gladia }: Config) =>
        new MixerService(events, sink, clock, {
          drainMs: sessions.drainMs,
          channels: gladia.channels,
          muteFadeMs: sessions.muteFadeMs,
        }),
    },
    { provide: TrackAudioSink, useExisting: MixerService },
    { provide: MixSteps, useExisting: MixerService },
    { provide: TrackSpeechActivity, useExisting: MixerService },
    MixerReports,
  ],
  exports: [TrackAudioSink, MixSteps, TrackSpeechActivity, MixerService],
})
export class MixerModule {}
