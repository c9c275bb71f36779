import { Injectable } from '@nestjs/common';
import { Database } from '../../store/database.js';

/** A Gladia session that an earlier run of the service did not delete. */
export interface EngineSession {
  /** Gladia's id. */
  readonly id: string;
  /** Whether it is to be deleted even where sessions are kept otherwise. */
  readonly toDelete: boolean;
}

/**
 * The table of Gladia sessions whose results are not read, or that are not deleted, yet. Every method rejects with the
 * errors of the database.
 */
@Injectable()
export class EngineSessions {
  constructor(private readonly database: Database) {}

  async add(id: string, sessionId: string, toDelete: boolean): Promise<void> {
    const row = { engine_id: id, session_id: sessionId, granted_at: Date.now(), to_delete: toDelete ? 1 : 0 };
    await this.database.run((tables) =>
      tables
        .insertInto('engine_sessions')
        .values(row)
        .onConflict((conflict) => conflict.column('engine_id').doNothing())
        .execute(),
    );
  }

  async remove(id: string): Promise<void> {
    await this.database.run((tables) => tables.deleteFrom('engine_sessions').where('engine_id', '=', id).execute());
  }

  /** Oldest first. */
  async all(): Promise<EngineSession[]> {
    const rows = await this.database.run((tables) =>
      tables.selectFrom('engine_sessions').selectAll().orderBy('granted_at').execute(),
    );
    return rows.map((row) => ({ id: row.engine_id, toDelete: row.to_delete === 1 }));
  }
}
