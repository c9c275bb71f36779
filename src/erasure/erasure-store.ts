import { Injectable } from '@nestjs/common';
import { sql, type Kysely } from 'kysely';
import type { Message } from '../../libs/protocol/message.js';
import { Database } from '../store/database.js';
import type { Tables } from '../store/tables.js';

/** How many sessions are read at once. */
const PAGE = 100;
/** How many rows are deleted by one statement: SQLite takes no more than so many values. */
const ROWS_PER_STATEMENT = 500;

/** What was erased of one session. */
export interface ErasedWords {
  readonly sessionId: string;
  readonly segmentIds: readonly string[];
}

/** Deletes what was said from the database. Every method rejects with what the database throws. */
@Injectable()
export class ErasureStore {
  constructor(private readonly database: Database) {}

  /** Deletes a session with all that belongs to it. Resolves with whether there was one. */
  async eraseSession(id: string): Promise<boolean> {
    return this.database.run((tables) =>
      tables.transaction().execute(async (all) => {
        for (const table of ['messages', 'insights', 'attendance', 'webhook_cursors', 'webhook_dead_letters'] as const)
          await all.deleteFrom(table).where('session_id', '=', id).execute();
        const { numDeletedRows } = await all.deleteFrom('sessions').where('id', '=', id).executeTakeFirstOrThrow();
        return numDeletedRows > 0n;
      }),
    );
  }

  /** The ids of sessions that ended before a time, some at once. @param unixMs Unix time in milliseconds */
  async endedBefore(unixMs: number): Promise<string[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('sessions')
        .select('id')
        .where('status', '=', 'ended')
        .where('ended_at', '<', unixMs)
        .limit(PAGE)
        .execute(),
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Deletes what a person said, or may have said, in all sessions of a room: segments with that speaker, or without one and
   * with the person among its candidates; their translations; gaps in the person's audio; that the person was there; and
   * insights, which are made of everybody's words.
   */
  async erasePerson(room: string, identity: string): Promise<ErasedWords[]> {
    const erased: ErasedWords[] = [];
    for (let after = ''; ;) {
      const ids = await this.#sessionsOf(room, after);
      for (const sessionId of ids) {
        const segmentIds = await this.#erasePersonFrom(sessionId, identity);
        if (segmentIds !== undefined) erased.push({ sessionId, segmentIds });
      }
      const last = ids.at(-1);
      if (last === undefined || ids.length < PAGE) return erased;
      after = last;
    }
  }

  /**
   * Removes from SQLite's files what was deleted from its tables. Postgres does this by itself (VACUUM).
   * @returns whether it is done; a reader in another process can delay it
   */
  async purgeFiles(): Promise<boolean> {
    return this.database.run(async (tables) => {
      if (!this.database.isSqlite) return true;
      const { rows } = await sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`.execute(tables);
      return rows[0]?.busy !== 1;
    });
  }

  async #sessionsOf(room: string, after: string): Promise<string[]> {
    const rows = await this.database.run((tables) =>
      tables
        .selectFrom('sessions')
        .select('id')
        .where('room', '=', room)
        .where('id', '>', after)
        .orderBy('id')
        .limit(PAGE)
        .execute(),
    );
    return rows.map(({ id }) => id);
  }

  /** Resolves with the erased segments; undefined where the person left no trace. */
  #erasePersonFrom(sessionId: string, identity: string): Promise<string[] | undefined> {
    return this.database.run((tables) =>
      tables.transaction().execute(async (all) => {
        const { segmentIds, seqs } = await findWords(all, sessionId, identity);
        for (let at = 0; at < seqs.length; at += ROWS_PER_STATEMENT) {
          const some = seqs.slice(at, at + ROWS_PER_STATEMENT);
          await all.deleteFrom('messages').where('session_id', '=', sessionId).where('seq', 'in', some).execute();
        }
        const { numDeletedRows } = await all
          .deleteFrom('attendance')
          .where('session_id', '=', sessionId)
          .where('identity', '=', identity)
          .executeTakeFirstOrThrow();
        if (seqs.length === 0 && numDeletedRows === 0n) return undefined;
        await all.deleteFrom('insights').where('session_id', '=', sessionId).execute();
        return [...segmentIds];
      }),
    );
  }
}

async function findWords(
  tables: Kysely<Tables>,
  sessionId: string,
  identity: string,
): Promise<{ segmentIds: ReadonlySet<string>; seqs: readonly number[] }> {
  const rows = tables.selectFrom('messages').select('body').where('session_id', '=', sessionId);
  const ofIdentity = sql<boolean>`body like ${`%${escapeLike(`"identity":${JSON.stringify(identity)}`)}%`} escape '!'`;
  const own = messagesIn(await rows.where(ofIdentity).execute()).filter((message) => isOf(message, identity));
  const segmentIds = new Set(own.flatMap((message) => segmentIn(message) ?? []));
  const translations = segmentIds.size === 0 ? [] : await rows.where('kind', '=', 'translation').execute();
  const translated = messagesIn(translations).filter((message) => segmentIds.has(segmentIn(message) ?? ''));
  return { segmentIds, seqs: [...own, ...translated].map(({ seq }) => seq) };
}

const escapeLike = (text: string): string => text.replace(/[!%_]/g, (character) => `!${character}`);

const messagesIn = (rows: readonly { readonly body: string }[]): Message[] =>
  rows.map(({ body }) => JSON.parse(body) as Message);

const segmentIn = (message: Message): string | undefined => ('segmentId' in message ? message.segmentId : undefined);

/** Whether a message is about the person: says what they said, or may have said, or that they could not be heard. */
function isOf(message: Message, identity: string): boolean {
  if (message.type === 'status') return message.identity === identity;
  if (message.type !== 'transcript') return false;
  if (message.speaker !== null) return message.speaker.identity === identity;
  return message.candidates?.some((candidate) => candidate.identity === identity) === true;
}
