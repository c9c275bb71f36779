import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { EventStreams } from './event-streams.js';
import { JournalModule } from './journal.module.js';
import { TranscriptsController } from './transcripts.controller.js';

@Module({ imports: [JournalModule, SessionsModule], controllers: [TranscriptsController], providers: [EventStreams] })
export class TranscriptsModule {}
