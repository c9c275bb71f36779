import { Injectable } from '@nestjs/common';
import type { SessionRecord } from './session-record.js';
import type { SessionListQuery } from './session-request.js';
import type { Session } from './session.js';
import { SessionsService } from './sessions.service.js';
import { SessionStore, type SessionCursor } from './session-store.js';

export interface SessionPage {
  readonly sessions: readonly Session[];
  /** Where the next page begins; undefined where there is none. */
  readonly next?: SessionCursor | undefined;
}

/** The sessions of certain rooms, oldest first: those in memory, and those that only the database has. */
@Injectable()
export class SessionList {
  constructor(
    private readonly sessions: SessionsService,
    private readonly store: SessionStore,
  ) {}

  async page(query: SessionListQuery, rooms: 'all' | readonly string[]): Promise<SessionPage> {
    const stored = await this.#stored(query, rooms);
    const last = stored.length > query.limit ? stored.at(-1) : undefined;
    const known = this.sessions
      .list()
      // What comes after the last row may have others before it that are not read yet.
      .filter(({ record }) => fits(record, query, rooms) && (last === undefined || !isAfter(record, last)));
    const past = stored.filter(({ id }) => this.sessions.find(id) === undefined);
    const all = [...known, ...past.map((record) => this.sessions.fromRecord(record))].sort((a, b) =>
      isAfter(a.record, b.record) ? 1 : -1,
    );
    const sessions = all.slice(0, query.limit);
    return { sessions, next: all.length > query.limit ? sessions.at(-1)?.record : last };
  }

  /** One more than the page takes, where there are so many. None while the database does not answer. */
  async #stored(query: SessionListQuery, rooms: 'all' | readonly string[]): Promise<readonly SessionRecord[]> {
    // All that are not over are in memory.
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

function fits(record: SessionRecord, query: SessionListQuery, rooms: 'all' | readonly string[]): boolean {
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
