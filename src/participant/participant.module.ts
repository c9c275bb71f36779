import { fileURLToPath } from 'node:url';
import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
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
      inject: [Config],
      useFactory: ({ participant }: Config) =>
        new ProcessPool({ ...participant, program: fileURLToPath(new URL('child/main.js', import.meta.url)) }),
    },
  ],
})
export class ParticipantModule {}
