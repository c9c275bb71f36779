import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import { ErasureStore } from '../../src/erasure/erasure-store.js';
import { EngineSessions } from '../../src/gladia/stream/engine-sessions.js';
import type { SessionRecord } from '../../src/sessions/session.js';
import { PostgresLock } from '../../src/store/postgres-lock.js';
import { AttendanceStore } from '../../src/sessions/attendance-store.js';
import { SessionStore } from '../../src/sessions/session-store.js';
import { openDatabase, type Database } from '../../src/store/database.js';
import { rowOf } from '../../src/transcripts/message-row.js';
import { MessageStore } from '../../src/transcripts/message-store.js';
import { noPostgres, startPostgres, type TestPostgres } from './postgres.js';

const record = (id: string, fields: Partial<SessionRecord> = {}): SessionRecord => ({
  id,
  room: 'Straße 🎤',
  status: 'live',
  options: { spoken: ['en'], translateTo: ['fr'] },
  source: 'auto',
  createdAtMs: 1_790_000_000_123,
  ...fields,
});

const transcript = (seq: number, fields: Partial<TranscriptMessage> = {}): TranscriptMessage => ({
  v: 1,
  type: 'transcript',
  sessionId: 's',
  seq,
  segmentId: `${seq}.1`,
  revision: 1,
  final: true,
  text: `Grüße 🎉 ${seq}`,
  language: 'de',
  speaker: { identity: 'a', name: "O'Hara", trackSid: 'TR_a' },
  confidence: 0.5,
  startMs: 0.25,
  endMs: 1,
  startedAt: '2026-01-01T10:00:00.000Z',
  source: 'server',
  ...fields,
});
const seqs = (messages: readonly Message[]): number[] => messages.map(({ seq }) => seq);

/** What the service relies on, whichever database it has. */
const contract = (urlOf: () => string): void => {
  let database: Database;
  let sessions: SessionStore;
  let messages: MessageStore;
  let attendance: AttendanceStore;
  let erasure: ErasureStore;

  const open = async (): Promise<void> => {
    database = await openDatabase(urlOf());
    sessions = new SessionStore(database);
    messages = new MessageStore(database);
    attendance = new AttendanceStore(database);
    erasure = new ErasureStore(database);
  };
  const write = (...all: Message[]): Promise<void> =>
    messages.write(all.map((message) => rowOf(message, message.seq - 1)));

  beforeEach(open);
  afterEach(async () => {
    await database.run((tables) => tables.deleteFrom('messages').execute());
    await database.run((tables) => tables.deleteFrom('sessions').execute());
    await database.close();
  });

  it('gives a session back as it was, with every time to the millisecond', async () => {
    const live = record('s', { roomSid: 'RM_1', liveAtMs: 1_790_000_001_456 });
    await sessions.save(live);
    await sessions.touch(['s', 'other'], 1_790_000_002_789);
    expect(await sessions.find('s')).toEqual({ ...live, aliveAtMs: 1_790_000_002_789, endedAtMs: undefined });
    expect(await sessions.find('none')).toBeUndefined();
  });

  it('takes changes, and keeps when it was last alive', async () => {
    await sessions.save(record('s'));
    await sessions.touch(['s'], 5);
    await sessions.save(record('s', { status: 'ended', endedAtMs: 7, endReason: 'api' }));
    expect(await sessions.find('s')).toMatchObject({ status: 'ended', aliveAtMs: 5, endedAtMs: 7, endReason: 'api' });
  });

  it('finds what is not over, and what ended last', async () => {
    await sessions.save(record('b', { createdAtMs: 2 }));
    await sessions.save(record('a', { createdAtMs: 1, status: 'ending' }));
    await sessions.save(record('c', { createdAtMs: 3, status: 'created' }));
    for (const at of [1, 2, 3]) await sessions.save(record(`old-${at}`, { status: 'ended', endedAtMs: at }));
    expect((await sessions.unfinished()).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect((await sessions.lastEnded(2)).map(({ id }) => id)).toEqual(['old-3', 'old-2']);
  });

  it('erases a session with its words, and nothing else', async () => {
    await sessions.save(record('s', { status: 'ended', endedAtMs: 10 }));
    await sessions.save(record('t', { status: 'ended', endedAtMs: 20 }));
    await sessions.save(record('u'));
    await write(transcript(1), transcript(1, { sessionId: 't' }), transcript(1, { sessionId: 'u' }));
    expect(await erasure.endedBefore(20)).toEqual(['s']);
    expect([await erasure.eraseSession('s'), await erasure.eraseSession('s')]).toEqual([true, false]);
    expect(await sessions.find('s')).toBeUndefined();
    expect(await messages.ofKinds(['final'], 's', 0)).toEqual([]);
    expect(await messages.ofKinds(['final'], 't', 0)).toHaveLength(1);
    expect(await messages.ofKinds(['final'], 'u', 0)).toHaveLength(1);
    expect(await erasure.purgeFiles()).toBe(true);
  });

  it('erases a person from all sessions of a room, and nobody else', async () => {
    const identity = `100%_"!'\\ Zoë`;
    const speaker = { identity, name: 'Z', trackSid: 'TR_z' };
    const other = { identity: 'a', name: 'A', trackSid: 'TR_a' };
    for (const id of ['s', 't']) await sessions.save(record(id, { status: 'ended', endedAtMs: 1 }));
    await sessions.save(record('elsewhere', { room: 'elsewhere' }));
    await attendance.save('s', { identity });
    await sessions.saveInsights('s', { summary: 'Zoë agreed' });
    const status = { v: 1, type: 'status', sessionId: 's', status: 'gap', message: '' } as const;
    const translation = { v: 1, type: 'translation', sessionId: 's', language: 'fr', text: 'non' } as const;
    await write(
      transcript(1, { speaker }),
      { ...translation, seq: 2, segmentId: '1.1' },
      transcript(3, { speaker: null, candidates: [other, speaker] }),
      transcript(4, { text: `she said "identity":${JSON.stringify(identity)}` }),
      { ...translation, seq: 5, segmentId: '4.1' },
      { ...status, seq: 6, identity },
      { ...status, seq: 7 },
      transcript(1, { sessionId: 't' }),
      transcript(1, { sessionId: 'elsewhere', speaker }),
    );
    expect(await erasure.erasePerson('Straße 🎤', identity)).toEqual([{ sessionId: 's', segmentIds: ['1.1', '3.1'] }]);
    expect(seqs((await messages.last('s', 10)).messages)).toEqual([4, 5, 7]);
    expect(await messages.ofKinds(['final'], 't', 0)).toHaveLength(1);
    expect(await messages.ofKinds(['final'], 'elsewhere', 0)).toHaveLength(1);
    expect([await attendance.find('s', identity), await sessions.insights('s')]).toEqual([undefined, undefined]);
    expect(await erasure.erasePerson('Straße 🎤', identity)).toEqual([]);
    await erasure.eraseSession('elsewhere');
    await erasure.eraseSession('t');
  });

  it('keeps what was made of a session’s words, as told last, as long as the session', async () => {
    await sessions.save(record('s', { status: 'ended', endedAtMs: 10 }));
    expect(await sessions.insights('s')).toBeUndefined();
    await sessions.saveInsights('s', { summary: 'früher' });
    await sessions.saveInsights('s', { summary: 'später 🎉', entities: [{ text: 'Zoë' }] });
    expect(await sessions.insights('s')).toEqual({ summary: 'später 🎉', entities: [{ text: 'Zoë' }] });
    await erasure.eraseSession('s');
    await sessions.saveInsights('s', { summary: 'too late' });
    expect(await sessions.insights('s')).toBeUndefined();
  });

  it('notes sessions at the engine until they are done with', async () => {
    const engine = new EngineSessions(database);
    await engine.add('one', 's', false);
    await engine.add('one', 's', false);
    await engine.add('orphan', 's', true);
    expect((await engine.unfinished()).sort((a, b) => a.id.localeCompare(b.id))).toEqual([
      { id: 'one', toDelete: false },
      { id: 'orphan', toDelete: true },
    ]);
    await engine.finish('one');
    expect(await engine.unfinished()).toEqual([{ id: 'orphan', toDelete: true }]);
    expect((await engine.erase('s')).sort()).toEqual(['one', 'orphan']);
    expect(await engine.unfinished()).toHaveLength(2);
    await engine.remove('one');
    await engine.remove('orphan');
    expect(await engine.unfinished()).toEqual([]);
  });

  it('gives messages back as they were, in their order', async () => {
    const all: Message[] = [
      transcript(1, { final: false }),
      transcript(2),
      { v: 1, type: 'status', sessionId: 's', seq: 3, status: 'gap', message: 'Lost.', startMs: 1, endMs: 2 },
      transcript(4, { text: '' }),
      { v: 1, type: 'translation', sessionId: 's', seq: 5, segmentId: '2.1', language: 'fr', text: 'Salut' },
      transcript(6),
    ];
    await write(...all.toReversed());
    expect(await messages.last('s', 10)).toEqual({ messages: all, deliveredSeq: 5 });
    expect(seqs((await messages.last('s', 2)).messages)).toEqual([5, 6]);
    expect(await messages.ofKinds(['final'], 's', 0)).toEqual([all[1], all[5]]);
    expect(seqs(await messages.ofKinds(['final'], 's', 2))).toEqual([6]);
    expect(seqs(await messages.between('s', 1, 6))).toEqual([2, 3, 4, 5]);
    expect(seqs(await messages.between('s', 0, Infinity))).toEqual([2, 3, 4, 5, 6]);
    expect(await messages.last('none', 1)).toEqual({ messages: [], deliveredSeq: 0 });
  });

  it('reads messages of the kinds that are asked for', async () => {
    const status = { v: 1, type: 'status', sessionId: 's', status: 'live', message: '' } as const;
    await write(transcript(1), { ...status, seq: 2 }, transcript(3, { text: '' }), transcript(4), {
      ...status,
      seq: 5,
    });
    expect(seqs(await messages.ofKinds(['final', 'retracted'], 's', 0))).toEqual([1, 3, 4]);
    expect(seqs(await messages.ofKinds(['status', 'final'], 's', 1, 2))).toEqual([2, 4]);
  });

  it('keeps the last visit of each identity, until the session is deleted', async () => {
    await sessions.save(record('s', { status: 'ended', endedAtMs: 10 }));
    await attendance.save('s', { identity: 'alice' });
    await attendance.save('s', { identity: 'bob', leftAtUnixMs: 5, removed: true });
    expect(await attendance.find('s', 'alice')).toEqual({ identity: 'alice', removed: false });
    await attendance.save('s', { identity: 'alice', leftAtUnixMs: 7 });
    expect(await attendance.find('s', 'alice')).toEqual({ identity: 'alice', leftAtUnixMs: 7, removed: false });
    expect(await attendance.find('s', 'bob')).toEqual({ identity: 'bob', leftAtUnixMs: 5, removed: true });
    expect(await attendance.find('t', 'alice')).toBeUndefined();
    await erasure.eraseSession('s');
    expect(await attendance.find('s', 'alice')).toBeUndefined();
  });

  it('takes a doubtful write again, without a change to what is there', async () => {
    await write(transcript(1, { text: 'first' }));
    await write(transcript(1, { text: 'again' }), transcript(2));
    expect((await messages.ofKinds(['final'], 's', 0)).map((message) => (message as TranscriptMessage).text)).toEqual([
      'first',
      'Grüße 🎉 2',
    ]);
  });

  it('deletes partials that are done with', async () => {
    for (let seq = 1; seq <= 6; seq++) await write(transcript(seq, { final: seq === 3 }));
    await messages.prune('s', 5, [2]);
    expect(seqs((await messages.last('s', 10)).messages)).toEqual([2, 3, 5, 6]);
    await messages.prune('s', Infinity);
    expect(seqs((await messages.last('s', 10)).messages)).toEqual([3]);
  });

  it('finds the last that the server put into words, whatever browsers say of it', async () => {
    const quoted = 'they say "source":"server"';
    await write(transcript(1), transcript(2, { final: false }), transcript(3, { source: 'client', text: quoted }));
    await write({ v: 1, type: 'status', sessionId: 's', seq: 4, status: 'live', message: '"source":"server"' });
    await write(transcript(5, { sessionId: 'other' }));
    expect(seqs(await messages.lastFrom('server', 's', 10))).toEqual([1, 2]);
    expect(seqs(await messages.lastFrom('server', 's', 1))).toEqual([2]);
    expect(seqs(await messages.lastFrom('client', 's', 10))).toEqual([3]);
  });

  it('takes thousands at once', async () => {
    await write(...Array.from({ length: 5_000 }, (_, index) => transcript(index + 1)));
    expect(await messages.ofKinds(['final'], 's', 0, 9_000)).toHaveLength(5_000);
  });

  it('opens again as it was left, by several at once', async () => {
    await sessions.save(record('s'));
    if (urlOf().includes(':memory:')) return;
    await database.close();
    const others = await Promise.all([openDatabase(urlOf()), openDatabase(urlOf())]);
    await open();
    expect(await sessions.find('s')).toMatchObject({ id: 's' });
    await Promise.all(others.map((other) => other.close()));
  });

  it('tells that it does not work, and that it works again', async () => {
    const broken = database.run((tables) =>
      tables
        .selectFrom('nothing' as 'sessions')
        .selectAll()
        .execute(),
    );
    await expect(broken).rejects.toThrow();
    expect(database.problem).toContain('does not do what it is asked');
    await sessions.save(record('s'));
    expect(database.problem).toBeUndefined();
  });
};

describe('the store in SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roomscribe-store-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  contract(() => `file:${join(folder, 'deep', 'er', 'roomscribe.db')}`);

  it('says what to do when the file cannot be written', async () => {
    const asFolder = `file:${folder}`;
    await expect(openDatabase(asFolder)).rejects.toThrow(/^DATABASE_URL: the file cannot be opened and written/);
    await expect(openDatabase(`${asFolder}/deep/er/roomscribe.db/x/y.db`)).rejects.toThrow(/give the service a folder/);
  });
});

const describePostgres = noPostgres === undefined ? describe : describe.skip;
describePostgres(`the store in Postgres${noPostgres === undefined ? '' : ` (skipped: ${noPostgres})`}`, () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await postgres.stop();
  });
  contract(() => postgres.url);

  describe('the lock', () => {
    let taken: number;
    const lock = (): PostgresLock => new PostgresLock(postgres.url, () => (taken += 1));
    /** Ends the connections that hold the lock, as a failover does. */
    const cut = (): Promise<unknown> =>
      database.run((tables) =>
        sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'`.execute(tables),
      );
    let database: Database;

    beforeEach(async () => {
      taken = 0;
      database = await openDatabase(postgres.url);
    });
    afterEach(() => database.close());

    it('is had by one at a time', async () => {
      const [first, second] = [lock(), lock()];
      expect(await first.tryAcquire()).toBe(true);
      expect(await second.tryAcquire()).toBe(false);
      await first.release();
      expect(await second.tryAcquire()).toBe(true);
      await second.release();
    });

    it('is acquired again when its connection was cut, and tells when another process was faster', async () => {
      const [first, second] = [lock(), lock()];
      await first.tryAcquire();
      await cut();
      await first.check();
      await first.check();
      expect(await second.tryAcquire()).toBe(false);
      expect(taken).toBe(0);

      await cut();
      await first.check();
      expect(await second.tryAcquire()).toBe(true);
      await first.check();
      expect(taken).toBe(1);
      await Promise.all([first.release(), second.release()]);
    });
  });

  it('says what to do when there is none', async () => {
    await expect(openDatabase('postgres://127.0.0.1:1/none')).rejects.toThrow(/^DATABASE_URL: Postgres cannot be used/);
  });
});
