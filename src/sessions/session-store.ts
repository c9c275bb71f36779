import { Injectable } from '@nestjs/common';
import type { Selectable } from 'kysely';
import type { InsightsReady } from '../events/domain-events.js';
import type { SessionStatus } from './session-directory.port.js';
import { Database } from '../store/database.js';
import type { Tables } from '../store/tables.js';
import type { EndReason, SessionRecord } from './session.js';

type Row = Selectable<Tables['sessions']>;
type Insights = InsightsReady['insights'];

/** A position in the list of all sessions, which is ordered by these. */
export interface SessionCursor {
  readonly createdAtMs: number;
  readonly id: string;
}

/** Which sessions to read, and at most how many. Times are Unix milliseconds; `toMs` is exclusive. */
export interface SessionFilter {
  readonly rooms: 'all' | readonly string[];
  readonly status?: SessionStatus | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly after?: SessionCursor | undefined;
  readonly count: number;
}

/** The sessions in the database. Every method rejects with what the database throws. */
@Injectable()
export class SessionStore {
  constructor(private readonly database: Database) {}

  /** Keeps the `alive_at` of a session that is stored already. */
  async save(record: SessionRecord): Promise<void> {
    const row = rowOf(record);
    const { id: _, alive_at: __, ...changes } = row;
    await this.database.run((tables) =>
      tables
        .insertInto('sessions')
        .values(row)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(changes))
        .execute(),
    );
  }

  /** Sets `alive_at`: all speech of these sessions up to now is transcribed. */
  async touch(ids: readonly string[], nowMs: number): Promise<void> {
    await this.database.run((tables) =>
      tables
        .updateTable('sessions')
        .set({ alive_at: nowMs })
        .where('id', 'in', [...ids])
        .execute(),
    );
  }

  async find(id: string): Promise<SessionRecord | undefined> {
    const row = await this.database.run((tables) =>
      tables.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst(),
    );
    return row && recordOf(row);
  }

  /** Oldest first. */
  async page({ rooms, status, fromMs, toMs, after, count }: SessionFilter): Promise<SessionRecord[]> {
    const rows = await this.database.run((tables) => {
      let query = tables.selectFrom('sessions').selectAll();
      if (rooms !== 'all') query = query.where('room', 'in', [...rooms]);
      if (status !== undefined) query = query.where('status', '=', status);
      if (fromMs !== undefined) query = query.where('created_at', '>=', fromMs);
      if (toMs !== undefined) query = query.where('created_at', '<', toMs);
      if (after !== undefined)
        query = query.where((eb) =>
          eb.or([
            eb('created_at', '>', after.createdAtMs),
            eb.and([eb('created_at', '=', after.createdAtMs), eb('id', '>', after.id)]),
          ]),
        );
      return query.orderBy('created_at').orderBy('id').limit(count).execute();
    });
    return rows.map(recordOf);
  }

  /** Not of a session that was erased meanwhile. */
  async saveInsights(sessionId: string, insights: Insights): Promise<void> {
    const body = JSON.stringify(insights);
    await this.database.run((tables) =>
      tables
        .insertInto('insights')
        .columns(['session_id', 'body'])
        .expression((eb) =>
          eb
            .selectFrom('sessions')
            .select(['id', eb.val(body).as('body')])
            .where('id', '=', sessionId),
        )
        .onConflict((conflict) => conflict.column('session_id').doUpdateSet({ body }))
        .execute(),
    );
  }

  async insights(sessionId: string): Promise<Insights | undefined> {
    const row = await this.database.run((tables) =>
      tables.selectFrom('insights').select('body').where('session_id', '=', sessionId).executeTakeFirst(),
    );
    return row && (JSON.parse(row.body) as Insights);
  }

  /** Those that have not ended, oldest first. */
  async unfinished(): Promise<SessionRecord[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('sessions')
        .selectAll()
        .where('status', 'in', ['created', 'live', 'ending'])
        .orderBy('created_at')
        .execute(),
    );
    return rows.map(recordOf);
  }

  /** The last that ended, the latest first. */
  async lastEnded(count: number): Promise<SessionRecord[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('sessions')
        .selectAll()
        .where('status', '=', 'ended')
        .orderBy('ended_at', 'desc')
        .limit(count)
        .execute(),
    );
    return rows.map(recordOf);
  }
}

function rowOf(record: SessionRecord): Row {
  return {
    id: record.id,
    room: record.room,
    room_sid: record.roomSid ?? null,
    status: record.status,
    options: JSON.stringify({ speech: record.options, source: record.source }),
    created_at: record.createdAtMs,
    live_at: record.liveAtMs ?? null,
    alive_at: record.aliveAtMs ?? null,
    ended_at: record.endedAtMs ?? null,
    end_reason: record.endReason ?? null,
  };
}

function recordOf(row: Row): SessionRecord {
  const { speech, source } = JSON.parse(row.options) as {
    speech: SessionRecord['options'];
    source: SessionRecord['source'];
  };
  return {
    id: row.id,
    room: row.room,
    roomSid: row.room_sid ?? undefined,
    status: row.status as SessionStatus,
    options: speech,
    source,
    createdAtMs: row.created_at,
    liveAtMs: row.live_at ?? undefined,
    aliveAtMs: row.alive_at ?? undefined,
    endedAtMs: row.ended_at ?? undefined,
    endReason: (row.end_reason ?? undefined) as EndReason | undefined,
  };
}
