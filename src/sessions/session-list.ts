import { Injectable } from '@nestjs/common';
import type { SessionRecord, Session } from './session.js';
import type { SessionListQuery } from './session-request.js';
import { SessionsService } from './sessions.service.js';
import { SessionStore, type SessionCursor } from './session-store.js';

export interface SessionPage {
  readonly sessions: readonly Session[];
  /** Where the next page begins; undefined where there is none. */
  readonly next?: SessionCursor | undefined;
}

/** Lists the sessions of certain rooms, oldest first, from memory and from the database. */
@Injectable()
export class SessionList {
  constructor(
    private readonly sessions: SessionsService,
    private readonly store: SessionStore,
  ) {}

  async page(query: SessionListQuery, rooms: 'all' | readonly string[]): Promise<SessionPage> {
    const stored = await this.#readStored(query, rooms);
    const last = stored.length > query.limit ? stored.at(-1) : undefined;
    const known = this.sessions
      .list()
      // Rows that are not read yet may come before those that are later than the last row.
      .filter(({ record }) => matches(record, query, rooms) && (last === undefined || !isAfter(record, last)));
    const past = stored.filter(({ id }) => this.sessions.find(id) === undefined);
    const all = [...known, ...past.map((record) => this.sessions.fromRecord(record))].sort((a, b) =>
      isAfter(a.record, b.record) ? 1 : -1,
    );
    const sessions = all.slice(0, query.limit);
    return { sessions, next: all.length > query.limit ? sessions.at(-1)?.record : last };
  }

  /** Up to one more than fits on the page. None while the database does not answer. */
  async #readStored(query: SessionListQuery, rooms: 'all' | readonly string[]): Promise<readonly SessionRecord[]> {
    // All that have not ended are in memory.
    if (query.status !== undefined && query.status !== 'ended') return [];
    const wanted = roomsWanted(query.room, rooms);
    if (wanted.length === 0) return [];
    const { from, to, status, limit, cursor } = query;
    return this.store
      .page({
        status,
        rooms: wanted,
        fromMs: from === undefined ? undefined : Date.parse(from),
        toMs: to === undefined ? undefined : Date.parse(to),
        after: cursor,
        count: limit + 1,
      })
      .catch(() => []);
  }
}

function roomsWanted(room: string | undefined, rooms: 'all' | readonly string[]): 'all' | readonly string[] {
  if (room === undefined) return rooms;
  return rooms === 'all' || rooms.includes(room) ? [room] : [];
}

function matches(record: SessionRecord, query: SessionListQuery, rooms: 'all' | readonly string[]): boolean {
  const { status, from, to, cursor } = query;
  const wanted = roomsWanted(query.room, rooms);
  return (
    (wanted === 'all' || wanted.includes(record.room)) &&
    (status === undefined || record.status === status) &&
    (from === undefined || record.createdAtMs >= Date.parse(from)) &&
    (to === undefined || record.createdAtMs < Date.parse(to)) &&
    (cursor === undefined || isAfter(record, cursor))
  );
}

function isAfter(a: SessionCursor, b: SessionCursor): boolean {
  return a.createdAtMs === b.createdAtMs ? a.id > b.id : a.createdAtMs > b.createdAtMs;
}
