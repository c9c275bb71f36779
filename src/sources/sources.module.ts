import { Global, Module } from '@nestjs/common';
import { EgressModule } from '../egress/egress.module.js';
import { MixerModule } from '../mixer/mixer.module.js';
import { AudioSources } from './audio-sources.port.js';
import { SourcesService } from './sources.service.js';
import { TrackMetrics } from './track-metrics.js';

/** Where each audio source registers itself. Apart from SourcesModule, which imports the modules of the sources. */
@Global()
@Module({ providers: [AudioSources], exports: [AudioSources] })
export class AudioSourcesModule {}

@Module({ imports: [EgressModule, MixerModule], providers: [SourcesService, TrackMetrics] })
export class SourcesModule {}
