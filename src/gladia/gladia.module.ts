import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { MixedAudioSink } from '../media/mixed-audio-sink.js';
import { Doubts } from './doubts.js';
import { GladiaApi } from './gladia-api.js';
import { GladiaLiveClient } from './gladia-live.client.js';
import { GladiaSettings } from './gladia-settings.js';
import { GladiaHealth } from './gladia.health.js';
import { SpeechToText } from './speech-to-text.js';
import { TranscriptionMetrics } from './transcription-metrics.js';
import { TranscriptionReports } from './transcription-reports.js';
import { TranscriptionService } from './transcription.service.js';

@Module({
  imports: [TerminusModule],
  providers: [
    { provide: GladiaSettings, inject: [Config], useFactory: ({ gladia }: Config) => new GladiaSettings(gladia) },
    GladiaApi,
    { provide: SpeechToText, useClass: GladiaLiveClient },
    { provide: Doubts, inject: [Config], useFactory: ({ doubt }: Config) => new Doubts(doubt) },
    TranscriptionMetrics,
    TranscriptionService,
    TranscriptionReports,
    GladiaHealth,
    { provide: MixedAudioSink, useExisting: TranscriptionService },
  ],
  exports: [MixedAudioSink, GladiaHealth, TranscriptionService],
})
export class GladiaModule {}
