import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { MixedAudioSink } from '../media/mixed-audio-sink.js';
import { ConfidenceThresholds } from '../transcription/confidence-thresholds.js';
import { ActiveEngine } from '../transcription/active-engine.js';
import { EngineSessions } from './stream/engine-sessions.js';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaLiveClient } from './gladia-live.client.js';
import { GladiaSettings } from './api/gladia-settings.js';
import { GladiaHealth } from './gladia.health.js';
import { RemoteSessionCleanup } from './stream/remote-session-cleanup.js';
import { SpeechToText } from '../transcription/speech-to-text.js';
import { TranscriptionMetrics } from '../transcription/transcription-metrics.js';
import { TranscriptionReports } from '../transcription/transcription-reports.js';
import { TranscriptionService } from '../transcription/transcription.service.js';

// For who provides an engine of their own: a global module that exports this token takes Gladia's place.
export { SpeechToText };

@Module({
  imports: [TerminusModule],
  providers: [
    { provide: GladiaSettings, inject: [Config], useFactory: ({ gladia }: Config) => new GladiaSettings(gladia) },
    GladiaApi,
    EngineSessions,
    RemoteSessionCleanup,
    GladiaLiveClient,
    {
      provide: ActiveEngine,
      inject: [GladiaLiveClient, { token: SpeechToText, optional: true }],
      useFactory: (gladia: GladiaLiveClient, another?: SpeechToText) => another ?? gladia,
    },
    {
      provide: ConfidenceThresholds,
      inject: [Config],
      useFactory: ({ doubt }: Config) => new ConfidenceThresholds(doubt),
    },
    TranscriptionMetrics,
    TranscriptionService,
    TranscriptionReports,
    GladiaHealth,
    { provide: MixedAudioSink, useExisting: TranscriptionService },
  ],
  exports: [MixedAudioSink, GladiaHealth, TranscriptionService],
})
export class GladiaModule {}
