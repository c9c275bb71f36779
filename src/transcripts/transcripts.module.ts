import { Module } from '@nestjs/common';
import { MessageJournal } from '../records/message-journal.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { MemoryJournal } from './memory-journal.js';
import { TranscriptsController } from './transcripts.controller.js';

@Module({
  imports: [SessionsModule],
  controllers: [TranscriptsController],
  providers: [MemoryJournal, { provide: MessageJournal, useExisting: MemoryJournal }],
  exports: [MessageJournal],
})
export class TranscriptsModule {}
