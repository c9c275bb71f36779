import { Global, Module } from '@nestjs/common';
import { AudioSources } from '../sources/audio-sources.port.js';
import { Drain } from '../sessions/drain.port.js';
import { Overload } from '../sessions/overload.port.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionProblems } from '../sessions/session-problems.port.js';
import { TranscriptGates } from '../publisher/transcript-gates.port.js';
import { PendingSpeech } from '../transcription/pending-speech.port.js';

const records = [AudioSources, Drain, Overload, SessionReports, SessionProblems, TranscriptGates, PendingSpeech];

@Global()
@Module({ providers: records, exports: records })
export class RecordsModule {}
