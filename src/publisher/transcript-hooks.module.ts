import { Global, Module } from '@nestjs/common';
import { TranscriptHooks } from './transcript-hooks.port.js';

/** Global, so that an extension's module can add its hooks. */
@Global()
@Module({ providers: [TranscriptHooks], exports: [TranscriptHooks] })
export class TranscriptHooksModule {}
