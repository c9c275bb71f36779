import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Message, SnapshotMessage } from '../../libs/protocol/message.js';
import { Interval } from '../async/interval.js';
import { BoundedMap } from '../collections/bounded-map.js';
import { PersonErased, SessionErased } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Metrics } from '../metrics/metrics.js';
import { MessageJournal, type NumberedType, type RecoveredMessages } from './message-journal.port.js';
import { Database } from '../store/database.js';
import { JournalPruner } from './journal-pruner.js';
import { JournalWriter } from './journal-writer.js';
import { recoverMessages } from './recovered-messages.js';
import { erases } from './erased-messages.js';
import { kindOf, kindsOf, messageOf, rowOf, type MessageKind } from './message-row.js';
import { MessageStore } from './message-store.js';
import { SessionJournal } from './session-journal.js';

/** Ended sessions whose last messages stay in memory. */
const SESSIONS_KEPT = 500;
/** Erased sessions, of which something may still be published. */
const ERASED_KEPT = 1_000;
const PRUNE_EVERY_MS = 10_000;
/** How many of a session's last messages are read when it is recovered. */
const READ_BACK = 120;

/** The messages of all sessions: the last ones in memory, all but superseded partials in the database. */
@Injectable()
export class Journals extends MessageJournal implements OnModuleInit {
  readonly #sessions = new Map<string, SessionJournal>();
  readonly #recovered = new Map<string, RecoveredMessages>();
  /** Nothing is written of these any more. */
  readonly #erased = new BoundedMap<string, true>(ERASED_KEPT);
  readonly #writer: JournalWriter;
  readonly #pruner: JournalPruner;

  constructor(
    private readonly store: MessageStore,
    private readonly database: Database,
    private readonly events: EventBus,
    metrics: Metrics,
  ) {
    super();
    const lost = metrics.counter('messages_unwritten_total', 'published messages that could not be stored');
    this.#writer = new JournalWriter({ write: (rows) => store.write(rows), onLost: (count) => lost.inc(count) });
    this.#pruner = new JournalPruner(store);
    metrics.gauge('journal_waiting', 'published messages that are not stored yet', () => this.#writer.waiting);
  }

  onModuleInit(): void {
    this.events.on(SessionErased, ({ sessionId }) => this.#erase(sessionId));
    this.events.on(PersonErased, ({ sessionId, identity, segmentIds }) => {
      const isErased = erases(identity, segmentIds);
      this.#sessions.get(sessionId)?.erase(isErased);
      this.#recovered.delete(sessionId);
      this.#writer.drop((row) => row.session_id === sessionId && isErased(messageOf(row)));
    });
    this.database.onClose(async () => {
      await this.#writer.close();
      await this.prune();
    });
  }

  @Interval(PRUNE_EVERY_MS)
  async prune(): Promise<void> {
    await this.#pruner.prune(this.#sessions);
  }

  override append(message: Message, deliveredSeq: number): Promise<void> {
    const { sessionId } = message;
    if (this.#erased.has(sessionId)) return Promise.resolve();
    const journal = this.#sessions.get(sessionId) ?? this.#keep(sessionId, new SessionJournal(sessionId));
    journal.append(message);
    return this.#writer.write(rowOf(message, deliveredSeq));
  }

  override snapshot(sessionId: string): SnapshotMessage | undefined {
    return this.#sessions.get(sessionId)?.snapshot();
  }

  override lastSeq(sessionId: string): number {
    return this.#sessions.get(sessionId)?.lastSeq ?? 0;
  }

  override async resume(sessionId: string): Promise<RecoveredMessages> {
    const [{ messages, deliveredSeq }, byServer, byBrowsers] = await Promise.all([
      this.store.last(sessionId, READ_BACK),
      this.store.lastFrom('server', sessionId, READ_BACK),
      this.store.lastFrom('client', sessionId, READ_BACK),
    ]);
    const journal = this.#keep(sessionId, new SessionJournal(sessionId, messages));
    const recovered = recoverMessages(journal, { byServer, byBrowsers }, deliveredSeq);
    this.#recovered.set(sessionId, recovered);
    return recovered;
  }

  override recovered(sessionId: string): RecoveredMessages | undefined {
    return this.#recovered.get(sessionId);
  }

  /** The session's journal; read from the database where it is not in memory. */
  async load(sessionId: string): Promise<SessionJournal> {
    const known = this.#sessions.get(sessionId);
    if (known !== undefined) return known;
    const { messages } = await this.store.last(sessionId, READ_BACK);
    return this.#sessions.get(sessionId) ?? this.#keep(sessionId, new SessionJournal(sessionId, messages));
  }

  override numbered(
    sessionId: string,
    types: readonly NumberedType[],
    afterSeq: number,
    most: number,
  ): Promise<Message[]> {
    return this.page(sessionId, kindsOf(types), afterSeq, most);
  }

  /** Messages of these kinds with a `seq` above `afterSeq`, oldest first. @param most at most this many */
  async page(sessionId: string, kinds: readonly MessageKind[], afterSeq = 0, most = 1_000): Promise<Message[]> {
    const isWanted = (message: Message): boolean => kinds.includes(kindOf(message));
    const recent = (await this.load(sessionId)).since(afterSeq).filter(isWanted);
    await this.#writer.flush();
    const written = await this.store.ofKinds(kinds, sessionId, afterSeq, most);
    // What is in memory alone is later than all that is written.
    const isComplete = written.length < most;
    const unwritten = isComplete ? recent.filter(({ seq }) => seq > (written.at(-1)?.seq ?? 0)) : [];
    return [...written, ...unwritten].slice(0, most);
  }

  /**
   * Messages with a `seq` above `afterSeq`, oldest first; of those no longer in memory, all but partials.
   * @param most at most this many from the database
   */
  async since(journal: SessionJournal, sessionId: string, afterSeq: number, most = 1_000): Promise<Message[]> {
    const { firstSeq } = journal;
    // Read before the query, during which the oldest may be dropped.
    const recent = journal.since(afterSeq);
    if (firstSeq <= afterSeq + 1) return recent;
    await this.#writer.flush();
    const stored = await this.store.between(sessionId, afterSeq, firstSeq, most);
    return stored.length < most ? [...stored, ...recent] : stored;
  }

  #erase(sessionId: string): void {
    this.#erased.set(sessionId, true);
    this.#recovered.delete(sessionId);
    this.#writer.drop((row) => row.session_id === sessionId);
    this.#sessions.get(sessionId)?.erase(() => true);
    this.#sessions.delete(sessionId);
  }

  #keep(sessionId: string, journal: SessionJournal): SessionJournal {
    this.#sessions.set(sessionId, journal);
    for (const [id, { ended }] of this.#sessions) {
      if (this.#sessions.size <= SESSIONS_KEPT) break;
      if (ended && id !== sessionId) this.#sessions.delete(id);
    }
    return journal;
  }
}
