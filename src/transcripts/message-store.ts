import { Injectable } from '@nestjs/common';
import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import { Database } from '../store/database.js';
import { messageOf, type MessageKind, type MessageRow } from './message-row.js';

/** The messages of all sessions in the database. Every method rejects with what the database throws. */
@Injectable()
export class MessageStore {
  constructor(private readonly database: Database) {}

  /** Writes all rows or none. Existing rows stay as they are, so that a write with an unknown outcome can be repeated. */
  async write(rows: readonly MessageRow[]): Promise<void> {
    await this.database.run((tables) =>
      tables
        .insertInto('messages')
        .values([...rows])
        .onConflict((conflict) => conflict.columns(['session_id', 'seq']).doNothing())
        .execute(),
    );
  }

  /** Messages of these kinds with a `seq` above `afterSeq`, oldest first. @param most at most this many */
  async ofKinds(kinds: readonly MessageKind[], sessionId: string, afterSeq: number, most = 1_000): Promise<Message[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('messages')
        .select('body')
        .where('session_id', '=', sessionId)
        .where('seq', '>', Math.min(afterSeq, MAX_SEQ))
        .where('kind', 'in', [...kinds])
        .orderBy('seq')
        .limit(most)
        .execute(),
    );
    return rows.map(messageOf);
  }

  /** All but partials, numbered above `afterSeq` and below `beforeSeq`, oldest first. @param most at most this many */
  async between(sessionId: string, afterSeq: number, beforeSeq: number, most = 1_000): Promise<Message[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('messages')
        .select('body')
        .where('session_id', '=', sessionId)
        .where('seq', '>', Math.min(afterSeq, MAX_SEQ))
        .where('seq', '<', Math.min(beforeSeq, MAX_SEQ))
        .where('kind', '<>', 'partial')
        .orderBy('seq')
        .limit(most)
        .execute(),
    );
    return rows.map(messageOf);
  }

  /** The last messages of a session including partials, oldest first, and the `deliveredSeq` of the last one. */
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

  /** The last transcripts of a session from one source, including partials, oldest first. */
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

  /** Deletes the partials of a session with a `seq` below `beforeSeq`. @param except the `seq` of those to keep */
  async prune(sessionId: string, beforeSeq: number, except: readonly number[] = []): Promise<void> {
    await this.database.run((tables) => {
      const stale = tables
        .deleteFrom('messages')
        .where('session_id', '=', sessionId)
        .where('seq', '<', Math.min(beforeSeq, MAX_SEQ))
        .where('kind', '=', 'partial');
      return (except.length === 0 ? stale : stale.where('seq', 'not in', [...except])).execute();
    });
  }
}

/** The largest `integer` of Postgres. */
const MAX_SEQ = 2_147_483_647;
