import { Global, Module } from '@nestjs/common';
import { Drain } from './drain.port.js';
import { Overload } from './overload.port.js';
import { SessionProblems } from './session-problems.port.js';
import { SessionReports } from './session-reports.port.js';

const ports = [Drain, Overload, SessionProblems, SessionReports];

/** What every module may report about a session, and whether the service takes new ones. */
@Global()
@Module({ providers: ports, exports: ports })
export class SessionStateModule {}
