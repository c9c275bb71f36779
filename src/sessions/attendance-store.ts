import { Injectable } from '@nestjs/common';
import { Database } from '../store/database.js';
import type { Visit } from './attendance.js';

/** Who was in which session, in the database. Every method rejects with what the database throws. */
@Injectable()
export class AttendanceStore {
  constructor(private readonly database: Database) {}

  /** Replaces what is stored of this identity. */
  async save(sessionId: string, { identity, leftAtUnixMs, removed }: Visit): Promise<void> {
    const changes = { left_at: leftAtUnixMs ?? null, removed: removed === true ? 1 : 0 };
    await this.database.run((tables) =>
      tables
        .insertInto('attendance')
        .values({ session_id: sessionId, identity, ...changes })
        .onConflict((conflict) => conflict.columns(['session_id', 'identity']).doUpdateSet(changes))
        .execute(),
    );
  }

  async find(sessionId: string, identity: string): Promise<Visit | undefined> {
    const row = await this.database.run((tables) =>
      tables
        .selectFrom('attendance')
        .selectAll()
        .where('session_id', '=', sessionId)
        .where('identity', '=', identity)
        .executeTakeFirst(),
    );
    return row && { identity, removed: row.removed === 1, ...(row.left_at !== null && { leftAtUnixMs: row.left_at }) };
  }
}
