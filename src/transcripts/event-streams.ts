import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Response } from 'express';
import type { Message } from '../../libs/protocol/message.js';
import { Deferred } from '../async/deferred.js';
import { AttendanceChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { ProblemException } from '../http/problem.exception.js';
import type { RoomGrants } from '../livekit/room-access.js';
import { Metrics } from '../metrics/metrics.js';
import { ReadingRights } from '../sessions/reading-rights.port.js';
import type { SessionEntry } from '../sessions/session-directory.port.js';
import { EventStream, type CloseCode } from './event-stream.js';
import { Journals } from './journals.js';
import type { SessionJournal } from './session-journal.js';

/** How many messages are read for a reader at once. */
const MESSAGES_PER_PAGE = 500;
/** A person may have several pages and devices; a session has its audience. */
const MOST_PER_IDENTITY = 16;
const MOST_PER_SESSION = 2_000;
/** Node's timers take no more. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Who reads which session. */
export interface StreamReader {
  readonly session: SessionEntry;
  readonly grants: RoomGrants;
}

interface OpenStream extends StreamReader {
  readonly stream: EventStream;
  /** Replaced each time it has resolved: there are messages, or the stream is closed. */
  wake: Deferred;
}

/**
 * The open event streams. Each sends its session's messages page by page, as fast as its reader takes them, so that a
 * reader far behind costs no more memory than others. A stream ends when its token expires, when a moderator removes its
 * reader from the room, and when its reader may not read the session any more.
 */
@Injectable()
export class EventStreams implements OnModuleInit {
  readonly #open = new Map<string, Set<OpenStream>>();
  readonly #closed;

  constructor(
    private readonly journals: Journals,
    private readonly rights: ReadingRights,
    private readonly events: EventBus,
    metrics: Metrics,
  ) {
    metrics.gauge('event_streams', 'event streams that are open', () => this.#count);
    this.#closed = metrics.counter(
      'event_streams_closed_total',
      'event streams that were closed before their session ended',
      ['code'],
    );
  }

  onModuleInit(): void {
    this.events.on(AttendanceChanged, ({ sessionId, visits }) => {
      const removed = new Set(visits.filter((visit) => visit.removed === true).map(({ identity }) => identity));
      for (const open of this.#open.get(sessionId) ?? []) {
        const { identity } = open.grants;
        const isAdmin = open.grants.readerIn(open.session.room)?.kind === 'admin';
        if (identity !== undefined && removed.has(identity) && !isAdmin) this.#close(open, 'forbidden');
      }
    });
  }

  /**
   * Streams what the session says to one reader. Resolves when the stream has ended.
   *
   * @param after the `seq` of the last message that the reader has; undefined: it gets a snapshot first
   * @returns whether there was anything to stream: not where the reader has all messages of an ended session
   * @throws ProblemException `too_many_requests`
   */
  async stream(reader: StreamReader, after: number | undefined, response: Response): Promise<boolean> {
    const { id } = reader.session;
    const journal = await this.journals.load(id);
    const first =
      after === undefined
        ? [journal.snapshot() ?? []].flat()
        : await this.journals.since(journal, id, after, MESSAGES_PER_PAGE);
    if (isOver(journal, reader.session) && first.length === 0) return false;
    this.#assertRoom(reader);
    const open: OpenStream = { ...reader, stream: new EventStream(response), wake: new Deferred() };
    const stop = this.#register(open, journal, response);
    try {
      await this.#send(open, journal, first, after ?? journal.lastSeq);
    } finally {
      stop();
    }
    return true;
  }

  async #send(open: OpenStream, journal: SessionJournal, first: readonly Message[], after: number): Promise<void> {
    const { session, grants, stream } = open;
    let [page, sentSeq] = [first, after];
    while (!stream.closed) {
      for (const message of page) {
        await stream.send(message);
        sentSeq = message.seq;
      }
      const { wake } = open;
      page = await this.journals.since(journal, session.id, sentSeq, MESSAGES_PER_PAGE);
      if (page.length === 0 && isOver(journal, session)) break;
      if (page.length === 0) {
        await wake.promise;
        open.wake = new Deferred();
        continue;
      }
      if (!(await this.rights.mayRead(grants, session).catch(() => true))) this.#close(open, 'forbidden');
    }
    stream.end();
  }

  #register(open: OpenStream, journal: SessionJournal, response: Response): () => void {
    const { session, grants } = open;
    const ofSession = this.#open.get(session.id) ?? new Set<OpenStream>();
    this.#open.set(session.id, ofSession.add(open));
    const wake = (): void => open.wake.resolve();
    const unfollow = journal.follow(wake);
    response.once('close', wake);
    const leftMs = Math.min(grants.expiresInMs(Date.now()), LONGEST_TIMER_MS);
    const expiry = setTimeout(() => this.#close(open, 'unauthorized'), leftMs).unref();
    return () => {
      clearTimeout(expiry);
      unfollow();
      response.off('close', wake);
      ofSession.delete(open);
      if (ofSession.size === 0) this.#open.delete(session.id);
    };
  }

  #close(open: OpenStream, code: CloseCode): void {
    if (!open.stream.closed) this.#closed.inc({ code });
    open.stream.close(code);
    open.wake.resolve();
  }

  #assertRoom({ session, grants }: StreamReader): void {
    const ofSession = [...(this.#open.get(session.id) ?? [])];
    const ofIdentity = ofSession.filter((open) => open.grants.identity === grants.identity);
    const isCrowded = grants.identity !== undefined && ofIdentity.length >= MOST_PER_IDENTITY;
    if (!isCrowded && ofSession.length < MOST_PER_SESSION) return;
    throw new ProblemException('too_many_requests', 'too many streams are open: close one, or try again later', {
      headers: { 'Retry-After': '10' },
    });
  }

  get #count(): number {
    return [...this.#open.values()].reduce((sum, { size }) => sum + size, 0);
  }
}

/** Whether no more messages will come; of a session that ended without its last one, by its status. */
const isOver = (journal: SessionJournal, { status }: SessionEntry): boolean => journal.ended || status === 'ended';
