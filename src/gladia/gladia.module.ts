import { Module, type OnModuleInit } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { audioLogConfig, gladiaConfig, type AudioLogConfig, type GladiaConfig } from '../config/namespaces.js';
import { ActiveEngine } from '../transcription/active-engine.js';
import { TranscriptionModule } from '../transcription/transcription.module.js';
import { GladiaApi } from './api/gladia-api.js';
import { GladiaSettings } from './api/gladia-settings.js';
import { GladiaLiveClient } from './gladia-live.client.js';
import { GladiaHealth } from './gladia.health.js';
import { EngineSessions } from './stream/engine-sessions.js';
import { RemoteSessionCleanup } from './stream/remote-session-cleanup.js';

/** The driver for Gladia: registers itself as the speech-to-text engine. */
@Module({
  imports: [TerminusModule, TranscriptionModule],
  providers: [
    {
      provide: GladiaSettings,
      inject: [gladiaConfig.KEY, audioLogConfig.KEY],
      useFactory: (gladia: GladiaConfig, audioLog: AudioLogConfig) => new GladiaSettings({ ...gladia, ...audioLog }),
    },
    GladiaApi,
    EngineSessions,
    RemoteSessionCleanup,
    GladiaLiveClient,
    GladiaHealth,
  ],
  exports: [GladiaHealth],
})
export class GladiaModule implements OnModuleInit {
  constructor(
    private readonly engine: ActiveEngine,
    private readonly client: GladiaLiveClient,
  ) {}

  onModuleInit(): void {
    this.engine.register(this.client);
  }
}
