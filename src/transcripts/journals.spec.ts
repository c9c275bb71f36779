import { EventEmitter2 } from '@nestjs/event-emitter';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Message, TranscriptMessage } from '../../libs/protocol/message.js';
import { intervalRunner } from '../async/interval.spec-kit.js';
import { Metrics } from '../metrics/metrics.js';
import { EventBus } from '../events/event-bus.js';
import { openDatabase, type Database } from '../store/database.js';
import { Journals } from './journals.js';
import { MessageStore } from './message-store.js';

const transcript = (seq: number, fields: Partial<TranscriptMessage> = {}): TranscriptMessage => ({
  v: 1,
  type: 'transcript',
  sessionId: 's',
  seq,
  segmentId: `${seq}.1`,
  revision: 1,
  final: true,
  text: `text ${seq}`,
  language: 'en',
  speaker: null,
  confidence: 1,
  startMs: seq * 1000,
  endMs: seq * 1000 + 500,
  startedAt: '2026-01-01T10:00:00.000Z',
  source: 'server',
  ...fields,
});
const seqs = (messages: readonly Message[]): number[] => messages.map(({ seq }) => seq);
const ended = (seq: number): Message => ({ v: 1, type: 'status', sessionId: 's', seq, status: 'ended', message: '.' });

describe('Journals', () => {
  let database: Database;
  let journals: Journals;
  const events = new EventBus(new EventEmitter2());

  /** A run of the service on the same database. */
  const run = (): Journals => new Journals(new MessageStore(database), database, events, new Metrics());

  beforeEach(async () => {
    database = await openDatabase('file::memory:');
    journals = run();
  });
  afterEach(async () => {
    await database.close();
    jest.restoreAllMocks();
  });

  it('tells the next run where to go on, what was open, and what may not have arrived', async () => {
    await journals.append(transcript(1), 0);
    await journals.append(transcript(2, { segmentId: '7.1', final: false, endMs: 9_000 }), 1);
    await journals.append(transcript(3, { segmentId: '12.2', final: false, source: 'client', endMs: 9_500 }), 1);
    const next = run();
    const left = await next.resume('s');
    expect(next.lastSeq('s')).toBe(3);
    expect(left).toMatchObject({ ended: false, lastUtterance: 12, lastWordsMs: 9_000 });
    expect(seqs(left.openSegments)).toEqual([2]);
    expect(seqs(left.undelivered)).toEqual([2, 3]);
    expect(seqs(left.emitted)).toEqual([1, 2, 3]);
    expect(next.recovered('s')).toBe(left);
    expect(next.snapshot('s')?.segments.map(({ text }) => text)).toEqual(['text 1', 'text 2', 'text 3']);
  });

  it('goes on counting utterances, and finishes the last, where only browsers said anything for long', async () => {
    await journals.append(transcript(1, { segmentId: '7.1' }), 0);
    await journals.append(transcript(2, { segmentId: '8.1', final: false, text: 'they say "source":"client"' }), 1);
    for (let seq = 3; seq <= 200; seq++)
      await journals.append(transcript(seq, { segmentId: `c.x.${seq}`, source: 'client' }), 2);
    const left = await run().resume('s');
    expect([left.lastUtterance, seqs(left.openSegments)]).toEqual([8, [2]]);
  });

  it('knows of nothing that began in this run', async () => {
    await journals.append(transcript(1), 0);
    expect(journals.recovered('s')).toBeUndefined();
    expect(journals.lastSeq('another')).toBe(0);
  });

  it('gives a reader of the next run what it missed, without a hole among finals', async () => {
    for (let seq = 1; seq <= 300; seq++) await journals.append(transcript(seq, { final: seq % 2 === 0 }), seq - 1);
    const next = run();
    await next.resume('s');
    await next.append(transcript(301), 300);
    const missed = seqs(await next.since(await next.load('s'), 's', 100));
    expect(missed.filter((seq) => seq % 2 === 0 && seq <= 300)).toEqual(
      Array.from({ length: 100 }, (_, n) => 102 + n * 2),
    );
    expect(missed.at(-1)).toBe(301);
    expect(seqs(await next.since(await next.load('s'), 's', 300))).toEqual([301]);
  });

  it('leaves nothing out for a reader who comes back, whatever is told while the database is asked', async () => {
    for (let seq = 1; seq <= 600; seq++) void journals.append(transcript(seq), 0);
    const journal = await journals.load('s');
    const asked = journals.since(journal, 's', 10);
    for (let seq = 601; seq <= 610; seq++) void journals.append(transcript(seq), 0);
    const missed = seqs(await asked);
    const all = [...missed, ...seqs(journal.since(missed.at(-1)!))];
    expect(all).toEqual(Array.from({ length: 600 }, (_, nth) => 11 + nth));
  });

  it('has the finals of a session that it never heard of', async () => {
    await journals.append(transcript(1), 0);
    await journals.append(ended(2), 1);
    const next = run();
    expect(seqs(await next.page('s', ['final']))).toEqual([1]);
    expect((await next.load('s')).ended).toBe(true);
    expect(seqs(await next.page('s', ['final'], 1))).toEqual([]);
  });

  it('goes on when the database does not, and says that history is not to be had', async () => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    await journals.append(transcript(1), 0);
    await database.run((tables) => tables.schema.alterTable('messages').renameTo('gone').execute());
    await journals.append(transcript(2), 1);
    expect(journals.lastSeq('s')).toBe(2);
    expect(seqs((await journals.load('s')).recent)).toEqual([1, 2]);
    await expect(journals.page('s', ['final'])).rejects.toThrow();
    expect(database.problem).toBeDefined();
  });

  it('deletes partials in the background, but what is open', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    intervalRunner().start(journals);
    await journals.append(transcript(1, { segmentId: 'open', final: false }), 0);
    for (let seq = 2; seq <= 100; seq++) {
      const segmentId = `${Math.ceil(seq / 2)}.1`;
      await journals.append(transcript(seq, { segmentId, final: seq % 2 === 0 }), 0);
    }
    jest.advanceTimersByTime(10_000);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    jest.useRealTimers();
    const { messages } = await new MessageStore(database).last('s', 200);
    const partials = messages.filter((message) => message.type === 'transcript' && !message.final);
    expect(seqs(partials)).toEqual([1, ...Array.from({ length: 30 }, (_, n) => 41 + n * 2)]);
  });
});
