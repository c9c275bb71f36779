import { Injectable } from '@nestjs/common';
import type { Message, SnapshotMessage } from '../../libs/protocol/message.js';
import { MessageJournal } from '../records/message-journal.js';
import { SessionJournal } from './session-journal.js';

const SESSIONS_KEPT = 500;

/** Journals in memory; the oldest ended sessions are forgotten first. */
@Injectable()
export class MemoryJournal extends MessageJournal {
  readonly #sessions = new Map<string, SessionJournal>();

  override append(message: Message): void {
    this.of(message.sessionId).append(message);
  }

  override snapshot(sessionId: string): SnapshotMessage | undefined {
    return this.#sessions.get(sessionId)?.snapshot();
  }

  override lastSeq(sessionId: string): number {
    return this.#sessions.get(sessionId)?.lastSeq ?? 0;
  }

  /** The session's journal, begun now if it has none. */
  of(sessionId: string): SessionJournal {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) return known;
    const journal = new SessionJournal(sessionId);
    this.#sessions.set(sessionId, journal);
    this.#forgetOldest();
    return journal;
  }

  #forgetOldest(): void {
    for (const [sessionId, { ended }] of this.#sessions) {
      if (this.#sessions.size <= SESSIONS_KEPT) return;
      if (ended) this.#sessions.delete(sessionId);
    }
  }
}
