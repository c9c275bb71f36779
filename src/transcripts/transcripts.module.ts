import { Module } from '@nestjs/common';
import { SessionsModule } from '../sessions/sessions.module.js';
import { JournalModule } from './journal.module.js';
import { TranscriptsController } from './transcripts.controller.js';

@Module({ imports: [JournalModule, SessionsModule], controllers: [TranscriptsController] })
export class TranscriptsModule {}
