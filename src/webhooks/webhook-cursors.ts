import { Injectable } from '@nestjs/common';
import { Database } from '../store/database.js';

/** How far a session's messages have been delivered. */
export interface WebhookCursor {
  readonly sessionId: string;
  readonly room: string;
  readonly liveAtUnixMs: number;
  /** The last message that is done with; -1: not even that the session is live was delivered. */
  readonly seq: number;
}

/**
 * The messages in the database are the queue; this is where each session's reader stands, and what it gave up. Every method
 * rejects with what the database throws.
 */
@Injectable()
export class WebhookCursors {
  constructor(private readonly database: Database) {}

  async save({ sessionId, room, liveAtUnixMs, seq }: WebhookCursor): Promise<void> {
    await this.database.run((tables) =>
      tables
        .insertInto('webhook_cursors')
        .values({ session_id: sessionId, room, live_at: liveAtUnixMs, seq })
        .onConflict((conflict) => conflict.column('session_id').doUpdateSet({ seq }))
        .execute(),
    );
  }

  async all(): Promise<WebhookCursor[]> {
    const rows = await this.database.run((tables) => tables.selectFrom('webhook_cursors').selectAll().execute());
    return rows.map((row) => ({
      sessionId: row.session_id,
      room: row.room,
      liveAtUnixMs: row.live_at,
      seq: row.seq,
    }));
  }

  async remove(sessionId: string): Promise<void> {
    await this.database.run((tables) =>
      tables.deleteFrom('webhook_cursors').where('session_id', '=', sessionId).execute(),
    );
  }

  /** A message that the receiver did not take. @param reason for operators, without words of the message */
  async giveUp(sessionId: string, seq: number, reason: string): Promise<void> {
    const row = { session_id: sessionId, seq, reason, given_up_at: Date.now() };
    await this.database.run((tables) =>
      tables
        .insertInto('webhook_dead_letters')
        .values(row)
        .onConflict((conflict) => conflict.columns(['session_id', 'seq']).doNothing())
        .execute(),
    );
  }
}
