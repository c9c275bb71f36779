import { Injectable } from '@nestjs/common';
import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import { Database } from '../store/database.js';
import { messageOf, type MessageRow } from './message-row.js';

/** The messages of all sessions in the database. Every method rejects with what the database throws. */
@Injectable()
export class MessageStore {
  constructor(private readonly database: Database) {}

  /** Writes them all or none. What is there already stays as it is, so that a doubtful write can be tried again. */
  async write(rows: readonly MessageRow[]): Promise<void> {
    await this.database.run((tables) =>
      tables
        .insertInto('messages')
        .values([...rows])
        .onConflict((conflict) => conflict.columns(['session_id', 'seq']).doNothing())
        .execute(),
    );
  }

  /** Finals that say something, numbered above `afterSeq`, oldest first. @param most how many of them */
  async finals(sessionId: string, afterSeq: number, most?: number): Promise<TranscriptMessage[]> {
    const rows = await this.database.run((tables) => {
      const finals = tables
        .selectFrom('messages')
        .select('body')
        .where('session_id', '=', sessionId)
        .where('seq', '>', afterSeq)
        .where('kind', '=', 'final')
        .orderBy('seq');
      return (most === undefined ? finals : finals.limit(most)).execute();
    });
    return rows.map(messageOf) as TranscriptMessage[];
  }

  /** All but partials, numbered above `afterSeq` and below `beforeSeq`, oldest first. */
  async between(sessionId: string, afterSeq: number, beforeSeq: number): Promise<Message[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('messages')
        .select('body')
        .where('session_id', '=', sessionId)
        .where('seq', '>', Math.min(afterSeq, MOST_SEQ))
        .where('seq', '<', Math.min(beforeSeq, MOST_SEQ))
        .where('kind', '<>', 'partial')
        .orderBy('seq')
        .execute(),
    );
    return rows.map(messageOf);
  }

  /** The last messages of a session, partials among them, oldest first; and what had been delivered when they were written. */
  async last(sessionId: string, count: number): Promise<{ messages: Message[]; deliveredSeq: number }> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('messages')
        .select(['body', 'delivered_seq'])
        .where('session_id', '=', sessionId)
        .orderBy('seq', 'desc')
        .limit(count)
        .execute(),
    );
    return { messages: rows.map(messageOf).reverse(), deliveredSeq: rows[0]?.delivered_seq ?? 0 };
  }

  /** The last transcripts of a session that the server made, or browsers, partials among them, oldest first. */
  async lastFrom(source: TranscriptMessage['source'], sessionId: string, count: number): Promise<TranscriptMessage[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('messages')
        .select('body')
        .where('session_id', '=', sessionId)
        .where('kind', 'in', ['partial', 'final', 'retracted'])
        .where('body', 'like', `%"source":"${source}"%`)
        .orderBy('seq', 'desc')
        .limit(count)
        .execute(),
    );
    return rows.map(messageOf).reverse() as TranscriptMessage[];
  }

  /** Deletes the partials of a session that are numbered below `beforeSeq`, except some. */
  async prune(sessionId: string, beforeSeq: number, except: readonly number[] = []): Promise<void> {
    await this.database.run((tables) => {
      const stale = tables
        .deleteFrom('messages')
        .where('session_id', '=', sessionId)
        .where('seq', '<', Math.min(beforeSeq, MOST_SEQ))
        .where('kind', '=', 'partial');
      return (except.length === 0 ? stale : stale.where('seq', 'not in', [...except])).execute();
    });
  }
}

/** Postgres's `integer` ends here. */
const MOST_SEQ = 2_147_483_647;
