import { EventEmitter2 } from '@nestjs/event-emitter';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TranscriptMessage } from '../../libs/protocol/message.js';
import { PersonErased } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { openDatabase, type Database } from '../store/database.js';
import { ErasureStore } from './erasure-store.js';
import { ErasureService } from './erasure.service.js';

const said = (seq: number): TranscriptMessage => ({
  ...{ v: 1, type: 'transcript', sessionId: 's', seq, segmentId: `${seq}.1`, revision: 1, final: true, text: 'words' },
  ...{ language: 'en', speaker: { identity: 'alice', name: 'Alice', trackSid: 'TR_a' }, confidence: 1 },
  ...{ startMs: 0, endMs: 500, startedAt: '2026-01-01T10:00:00.000Z', source: 'server' },
});

describe('ErasureService', () => {
  let database: Database;
  let erasure: ErasureService;
  const events = new EventBus(new EventEmitter2());

  const write = async (message: TranscriptMessage): Promise<void> => {
    const row = { session_id: 's', seq: message.seq, kind: 'final', delivered_seq: 0, body: JSON.stringify(message) };
    await database.run((tables) => tables.insertInto('messages').values(row).execute());
  };

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    database = await openDatabase('file::memory:');
    const session = { id: 's', room: 'room', status: 'live', options: '{}', created_at: 1 };
    await database.run((tables) => tables.insertInto('sessions').values(session).execute());
    erasure = new ErasureService({ url: 'file::memory:', retentionDays: 0 }, new ErasureStore(database), events);
  });
  afterEach(async () => {
    await database.close();
    jest.restoreAllMocks();
  });

  it('tells everybody, too, of words that were being written while a person was erased', async () => {
    await write(said(1));
    const told: string[][] = [];
    events.on(PersonErased, ({ segmentIds }) => {
      told.push([...segmentIds]);
      if (told.length === 1) void write(said(2));
    });
    await erasure.erasePerson('room', 'alice');
    expect(told).toEqual([['1.1'], ['2.1']]);
  });
});
