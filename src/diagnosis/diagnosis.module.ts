import { Module } from '@nestjs/common';
import type { Config } from '../config/config.js';
import * as namespaces from '../config/namespaces.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DEPLOYMENT_CONFIG, type DeploymentConfig } from './deployment.js';
import { DiagnosisController } from './diagnosis.controller.js';
import { DiagnosisService } from './diagnosis.service.js';
import { SessionInspector } from './session-inspector.js';

@Module({
  imports: [SessionsModule, MixerModule],
  controllers: [DiagnosisController],
  providers: [
    DiagnosisService,
    SessionInspector,
    {
      provide: DEPLOYMENT_CONFIG,
      inject: [
        namespaces.audioLogConfig.KEY,
        namespaces.egressConfig.KEY,
        namespaces.gladiaConfig.KEY,
        namespaces.livekitConfig.KEY,
        namespaces.publisherConfig.KEY,
        namespaces.sessionsConfig.KEY,
        namespaces.speechConfig.KEY,
      ],
      useFactory: (
        audioLog: Config['audioLog'],
        egress: Config['egress'],
        gladia: Config['gladia'],
        livekit: Config['livekit'],
        publisher: Config['publisher'],
        sessions: Config['sessions'],
        speech: Config['speech'],
      ): DeploymentConfig => ({ audioLog, egress, gladia, livekit, publisher, sessions, speech }),
    },
  ],
})
export class DiagnosisModule {}
