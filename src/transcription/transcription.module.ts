import { Module } from '@nestjs/common';
import { confidenceConfig, type ConfidenceConfig } from '../config/namespaces.js';
import { MixedAudioSink } from '../media/mixed-audio-sink.js';
import { ActiveEngine } from './active-engine.js';
import { ConfidenceThresholds } from './confidence-filter.js';
import { PendingSpeech } from './pending-speech.port.js';
import { SpeechToText } from './speech-to-text.js';
import { TranscriptionMetrics } from './transcription-metrics.js';
import { TranscriptionReports } from './transcription-reports.js';
import { TranscriptionService } from './transcription.service.js';

// For extensions: a global module that provides this token takes the place of the built-in engine.
export { SpeechToText };

@Module({
  providers: [
    ActiveEngine,
    {
      provide: ConfidenceThresholds,
      inject: [confidenceConfig.KEY],
      useFactory: (config: ConfidenceConfig) => new ConfidenceThresholds(config),
    },
    PendingSpeech,
    TranscriptionMetrics,
    TranscriptionService,
    TranscriptionReports,
    { provide: MixedAudioSink, useExisting: TranscriptionService },
  ],
  exports: [ActiveEngine, MixedAudioSink, PendingSpeech, TranscriptionService],
})
export class TranscriptionModule {}
