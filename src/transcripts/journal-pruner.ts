import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import type { MessageStore } from './message-store.js';
import type { SessionJournal } from './session-journal.js';

/** So many of a live session's last messages keep their partials: what was not delivered at a crash is among them. */
const KEPT_WHOLE = 60;

/** Deletes partials once their segments have gone on. The last one of an open segment may be all that a crash leaves of it. */
export class JournalPruner {
  readonly #logger = new Logger('Journal');
  /** Up to where, by session. */
  readonly #done = new Map<string, number>();

  constructor(private readonly store: Pick<MessageStore, 'prune'>) {}

  /** Never rejects: what could not be deleted is deleted the next time. */
  async prune(journals: ReadonlyMap<string, SessionJournal>): Promise<void> {
    for (const sessionId of this.#done.keys()) if (!journals.has(sessionId)) this.#done.delete(sessionId);
    for (const [sessionId, journal] of journals) await this.#pruneOne(sessionId, journal);
  }

  async #pruneOne(sessionId: string, { ended, lastSeq, openSegments }: SessionJournal): Promise<void> {
    const beforeSeq = ended ? Infinity : lastSeq - KEPT_WHOLE;
    if (beforeSeq <= (this.#done.get(sessionId) ?? 0)) return;
    try {
      const open = ended ? [] : openSegments.map(({ seq }) => seq);
      await this.store.prune(sessionId, beforeSeq, open);
      this.#done.set(sessionId, beforeSeq);
    } catch (error) {
      this.#logger.warn(`session ${sessionId}: partials cannot be deleted: ${errorKind(error)}`);
    }
  }
}
