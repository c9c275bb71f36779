import { Module } from '@nestjs/common';
import { MessageJournal } from './message-journal.port.js';
import { Journals } from './journals.js';
import { MessageStore } from './message-store.js';

/** Stores messages. Apart from the TranscriptsModule with its routes, so that the sessions module can import it for recovery. */
@Module({
  providers: [MessageStore, Journals, { provide: MessageJournal, useExisting: Journals }],
  exports: [Journals, MessageJournal],
})
export class JournalModule {}
