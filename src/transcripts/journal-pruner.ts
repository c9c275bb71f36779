import { Logger } from '@nestjs/common';
import { errorKind } from '../logging/error-kind.js';
import type { MessageStore } from './message-store.js';
import type { SessionJournal } from './session-journal.js';

/** Partials among a live session's last messages are kept: those not delivered before a crash are sent again after it. */
const KEPT_WHOLE = 60;

/** Deletes superseded partials. The last partial of an open segment is kept, as all that a crash leaves of the segment. */
export class JournalPruner {
  readonly #logger = new Logger('Journal');
  /** The `seq` up to which each session is pruned. */
  readonly #prunedSeq = new Map<string, number>();

  constructor(private readonly store: Pick<MessageStore, 'prune'>) {}

  /** Never rejects: a failed deletion is repeated the next time. */
  async prune(journals: ReadonlyMap<string, SessionJournal>): Promise<void> {
    for (const sessionId of this.#prunedSeq.keys()) if (!journals.has(sessionId)) this.#prunedSeq.delete(sessionId);
    for (const [sessionId, journal] of journals) await this.#pruneOne(sessionId, journal);
  }

  async #pruneOne(sessionId: string, { ended, lastSeq, openSegments }: SessionJournal): Promise<void> {
    const beforeSeq = ended ? Infinity : lastSeq - KEPT_WHOLE;
    if (beforeSeq <= (this.#prunedSeq.get(sessionId) ?? 0)) return;
    try {
      const open = ended ? [] : openSegments.map(({ seq }) => seq);
      await this.store.prune(sessionId, beforeSeq, open);
      this.#prunedSeq.set(sessionId, beforeSeq);
    } catch (error) {
      this.#logger.warn(`session ${sessionId}: partials cannot be deleted: ${errorKind(error)}`);
    }
  }
}
