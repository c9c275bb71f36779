import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.js';
import { SessionReports } from './session-reports.js';
import { TranscriptGates } from './transcript-gates.js';

@Global()
@Module({ providers: [Drain, SessionReports, TranscriptGates], exports: [Drain, SessionReports, TranscriptGates] })
export class RecordsModule {}
