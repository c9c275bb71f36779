import { Global, Module } from '@nestjs/common';
import { AudioSources } from './audio-sources.js';
import { Drain } from './drain.js';
import { Overload } from './overload.js';
import { SessionReportReader } from './session-report-reader.js';
import { SessionReports } from './session-reports.js';
import { SessionStates } from './session-states.js';
import { SessionTroubles } from './session-troubles.js';
import { TranscriptGates } from './transcript-gates.js';
import { WordsDue } from './words-due.js';

const records = [
  AudioSources,
  Drain,
  Overload,
  SessionReportReader,
  SessionStates,
  SessionTroubles,
  TranscriptGates,
  WordsDue,
];

@Global()
@Module({
  providers: [...records, { provide: SessionReports, useExisting: SessionReportReader }],
  exports: [...records, SessionReports],
})
export class RecordsModule {}
