import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.js';
import { SessionReports } from './session-reports.js';

@Global()
@Module({ providers: [Drain, SessionReports], exports: [Drain, SessionReports] })
export class RecordsModule {}
