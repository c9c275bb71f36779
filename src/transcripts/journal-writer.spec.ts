import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { JournalWriter } from './journal-writer.js';
import type { MessageRow } from './message-row.js';

const row = (seq: number): MessageRow => ({ session_id: 's', seq, kind: 'final', delivered_seq: 0, body: '{}' });

describe('JournalWriter', () => {
  let batches: number[][];
  let fails: boolean;
  let lost: number;
  let writer: JournalWriter;
  let written: (() => void)[];
  let slow: boolean;

  beforeEach(() => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    [batches, fails, lost, written, slow] = [[], false, 0, [], false];
    writer = new JournalWriter({
      write: async (rows) => {
        if (slow) await new Promise<void>((resolve) => written.push(resolve));
        if (fails) throw new Error('disk full');
        batches.push(rows.map(({ seq }) => seq));
      },
      onLost: (count) => (lost += count),
      retryMs: 1,
    });
  });
  afterEach(async () => {
    fails = false;
    await writer.close();
    jest.restoreAllMocks();
  });

  it('writes what comes in one moment at once, and what comes meanwhile after it, in order', async () => {
    slow = true;
    const first = Promise.all([writer.write(row(1)), writer.write(row(2))]);
    await new Promise(setImmediate);
    let secondDone = false;
    const second = writer.write(row(3)).then(() => (secondDone = true));
    written.shift()?.();
    await first;
    expect(secondDone).toBe(false);
    await new Promise(setImmediate);
    written.shift()?.();
    await second;
    expect(batches).toEqual([[1, 2], [3]]);
    slow = false;
  });

  it('holds nobody up while the database does not work, and writes it all when it does', async () => {
    fails = true;
    await writer.write(row(1));
    await writer.write(row(2));
    expect(writer.waiting).toBe(2);
    fails = false;
    while (writer.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await writer.write(row(3));
    expect(batches.flat()).toEqual([1, 2, 3]);
    expect(lost).toBe(0);
  });

  it('tries at once when somebody asks for what is written', async () => {
    const write = async (rows: readonly MessageRow[]): Promise<void> => {
      await Promise.resolve();
      if (fails) throw new Error('disk full');
      batches.push(rows.map(({ seq }) => seq));
    };
    const patient = new JournalWriter({ write, onLost: () => undefined, retryMs: 60_000 });
    fails = true;
    await patient.write(row(1));
    await patient.flush();
    expect(patient.waiting).toBe(1);
    fails = false;
    await patient.flush();
    expect(batches).toEqual([[1]]);
  });

  it('keeps the newest few thousand, and counts the others', async () => {
    fails = true;
    for (let seq = 1; seq <= 5_010; seq++) void writer.write(row(seq));
    await new Promise(setImmediate);
    expect(writer.waiting).toBe(5_000);
    expect(lost).toBe(10);
  });

  it('tries once more at its end, and counts what is lost then', async () => {
    fails = true;
    await writer.write(row(1));
    await writer.close();
    expect([lost, writer.waiting]).toEqual([1, 0]);
  });
});
