import { Module } from '@nestjs/common';
import { MessageJournal } from './message-journal.port.js';
import { Journals } from './journals.js';
import { MessageStore } from './message-store.js';

/** What was said, kept. Apart from the TranscriptsModule, which answers for it, so that sessions can be taken up again. */
@Module({
  providers: [MessageStore, Journals, { provide: MessageJournal, useExisting: Journals }],
  exports: [Journals, MessageJournal],
})
export class JournalModule {}
