import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.port.js';
import { Overload } from './overload.port.js';
import { SessionProblems } from './session-problems.port.js';
import { SessionReportReader } from './session-report-reader.js';
import { SessionReports } from './session-reports.port.js';
import { SessionStates } from './session-states.port.js';

const ports = [Drain, Overload, SessionProblems, SessionReportReader, SessionStates];

/** The ports by which modules report about sessions, and the gates for new ones. */
@Global()
@Module({
  providers: [...ports, { provide: SessionReports, useExisting: SessionReportReader }],
  exports: [...ports, SessionReports],
})
export class SessionStateModule {}
