import { Global, Module } from '@nestjs/common';
import { AudioSources } from './audio-sources.js';
import { Drain } from './drain.js';
import { Overload } from './overload.js';
import { SessionReports } from './session-reports.js';
import { SessionTroubles } from './session-troubles.js';
import { TranscriptGates } from './transcript-gates.js';
import { WordsDue } from './words-due.js';

const records = [AudioSources, Drain, Overload, SessionReports, SessionTroubles, TranscriptGates, WordsDue];

@Global()
@Module({ providers: records, exports: records })
export class RecordsModule {}
