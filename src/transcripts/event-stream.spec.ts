import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Response } from 'express';
import type { StatusMessage } from '../../libs/protocol/message.js';
import { EventStream } from './event-stream.js';

/** A reader whose connection is full whenever the test says so. */
class SlowReader extends EventEmitter {
  readonly req = { method: 'GET' };
  readonly sent: string[] = [];
  full = false;
  destroyed = false;

  writeHead(): void {
    this.sent.push('head');
  }

  write(text: string): boolean {
    this.sent.push(text);
    return !this.full;
  }

  end(last: string): void {
    this.sent.push(last, 'end');
  }

  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

const status = (seq: number): StatusMessage => ({
  ...{ v: 1, type: 'status', sessionId: 's', seq, status: 'live', message: 'on' },
});

describe('EventStream', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
  afterEach(() => void jest.useRealTimers());

  it('waits until its reader takes more', async () => {
    const reader = new SlowReader();
    const stream = new EventStream(reader as unknown as Response);
    await stream.send(status(1));
    reader.full = true;
    let taken = false;
    const sending = stream.send(status(2)).then(() => (taken = true));
    await jest.advanceTimersByTimeAsync(30_000);
    expect(taken).toBe(false);
    reader.emit('drain');
    await sending;
    expect(reader.sent.filter((text) => text.startsWith('id:')).map((text) => text.split('\n')[0])).toEqual([
      'id: 1',
      'id: 2',
    ]);
    reader.destroy();
  });

  it('disconnects a reader that takes nothing for a minute', async () => {
    const reader = new SlowReader();
    reader.full = true;
    const sending = new EventStream(reader as unknown as Response).send(status(1));
    await jest.advanceTimersByTimeAsync(59_999);
    expect(reader.destroyed).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(reader.sent.at(-2)).toMatch(/^event: close\ndata: {"code":"too_slow"/);
    await jest.advanceTimersByTimeAsync(5_000);
    await sending;
    expect(reader.destroyed).toBe(true);
  });
});
