import { Injectable } from '@nestjs/common';
import { Database } from '../../store/database.js';

/** A Gladia session that an earlier run of the service did not delete. */
export interface EngineSession {
  /** Gladia's id. */
  readonly id: string;
  /** Whether it is to be deleted even where sessions are kept otherwise. */
  readonly toDelete: boolean;
}

/** The table of Gladia sessions that are not deleted there. Every method rejects with what the database throws. */
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

  /** Its results are read, and Gladia keeps it until the session is erased. */
  async finish(id: string): Promise<void> {
    await this.database.run((tables) =>
      tables.updateTable('engine_sessions').set({ done: 1 }).where('engine_id', '=', id).execute(),
    );
  }

  /** From now on all of our session `sessionId` are to be deleted. Resolves with their ids. */
  async erase(sessionId: string): Promise<string[]> {
    return this.database.run(async (tables) => {
      await tables.updateTable('engine_sessions').set({ to_delete: 1 }).where('session_id', '=', sessionId).execute();
      const rows = await tables
        .selectFrom('engine_sessions')
        .select('engine_id')
        .where('session_id', '=', sessionId)
        .execute();
      return rows.map((row) => row.engine_id);
    });
  }

  /** Those whose results are not read yet, or that are to be deleted; oldest first. */
  async unfinished(): Promise<EngineSession[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('engine_sessions')
        .selectAll()
        .where((eb) => eb.or([eb('done', '=', 0), eb('to_delete', '=', 1)]))
        .orderBy('granted_at')
        .execute(),
    );
    return rows.map((row) => ({ id: row.engine_id, toDelete: row.to_delete === 1 }));
  }
}
