import { Global, Module } from '@nestjs/common';
import { AudioSources } from './audio-sources.port.js';

/** The registry to which each audio source adds itself. */
@Global()
@Module({ providers: [AudioSources], exports: [AudioSources] })
export class AudioSourcesModule {}
