import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AudioUpgrader, PlainUpgrader } from '../../libs/ws-fast-path/audio-upgrader.js';
import { BatchedReader } from '../../libs/ws-fast-path/batched-reader.js';
import { FastUpgrader } from '../../libs/ws-fast-path/fast-upgrader.js';
import { httpConfig, type HttpConfig } from '../config/namespaces.js';
import { EgressModule } from '../egress/egress.module.js';
import { Clock, SystemClock } from '../media/clock.js';
import { MixSteps } from '../media/mix-steps.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { AudioGateway } from './audio.gateway.js';
import { ConnectionLimiter } from './connection-limiter.js';
import { UpgradeGate } from './upgrade-gate.js';

@Module({
  imports: [EgressModule, MixerModule],
  providers: [
    AudioGateway,
    ConnectionLimiter,
    UpgradeGate,
    { provide: Clock, useClass: SystemClock },
    { provide: BatchedReader, useFactory: () => new BatchedReader() },
    {
      provide: AudioUpgrader,
      inject: [httpConfig.KEY, BatchedReader],
      useFactory: ({ wsFastPath }: HttpConfig, batchedReader: BatchedReader) =>
        wsFastPath ? new FastUpgrader(batchedReader) : new PlainUpgrader(),
    },
  ],
  exports: [AudioGateway],
})
export class AudioGatewayModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly batchedReader: BatchedReader,
    private readonly steps: MixSteps,
  ) {}

  /** Audio is read right before it is mixed. */
  onModuleInit(): void {
    this.steps.before(() => this.batchedReader.readAll(performance.now()));
  }

  onApplicationShutdown(): void {
    this.batchedReader.stop();
  }
}
