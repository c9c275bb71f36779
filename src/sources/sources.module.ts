import { Module } from '@nestjs/common';
import { EgressModule } from '../egress/egress.module.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { SourcesService } from './sources.service.js';

@Module({ imports: [EgressModule, MixerModule], providers: [SourcesService] })
export class SourcesModule {}
