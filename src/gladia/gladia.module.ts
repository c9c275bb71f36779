import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { MixedAudioSink } from '../media/mixed-audio-sink.js';
import { Doubts } from './doubts.js';
import { EngineInUse } from './engine-in-use.js';
import { EngineSessions } from './engine-sessions.js';
import { GladiaApi } from './gladia-api.js';
import { GladiaLiveClient } from './gladia-live.client.js';
import { GladiaSettings } from './gladia-settings.js';
import { GladiaHealth } from './gladia.health.js';
import { Leftovers } from './leftovers.js';
import { SpeechToText } from './speech-to-text.js';
import { TranscriptionMetrics } from './transcription-metrics.js';
import { TranscriptionReports } from './transcription-reports.js';
import { TranscriptionService } from './transcription.service.js';

// For who provides an engine of their own: a global module that exports this token takes Gladia's place.
export { SpeechToText };

@Module({
  imports: [TerminusModule],
  providers: [
    { provide: GladiaSettings, inject: [Config], useFactory: ({ gladia }: Config) => new GladiaSettings(gladia) },
    GladiaApi,
    EngineSessions,
    Leftovers,
    GladiaLiveClient,
    {
      provide: EngineInUse,
      inject: [GladiaLiveClient, { token: SpeechToText, optional: true }],
      useFactory: (gladia: GladiaLiveClient, another?: SpeechToText) => another ?? gladia,
    },
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
