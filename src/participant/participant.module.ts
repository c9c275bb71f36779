import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { participantConfig, type ParticipantConfig } from '../config/namespaces.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { ParticipantSource, RtcPackage } from './participant-source.js';
import { ProcessPool } from './process-pool.js';
import { LiveKitRoomCredentials, RoomCredentials } from './room-credentials.js';

@Module({
  imports: [MixerModule],
  providers: [
    ParticipantSource,
    RtcPackage,
    { provide: RoomCredentials, useClass: LiveKitRoomCredentials },
    {
      provide: ProcessPool,
      inject: [participantConfig.KEY],
      useFactory: (config: ParticipantConfig) =>
        new ProcessPool({ ...config, program: fileURLToPath(new URL('child/main.js', import.meta.url)) }),
    },
  ],
})
export class ParticipantModule {}
