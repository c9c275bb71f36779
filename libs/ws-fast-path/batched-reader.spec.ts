import { beforeEach, describe, expect, it } from '@jest/globals';
import { BatchedReader, type BatchedSocket, type ReadResult } from './batched-reader.js';

class ScriptedSocket implements BatchedSocket {
  readonly log: string[] = [];
  next: ReadResult = 'some';

  startBatching(): void {
    this.log.push('starts');
  }
  stopBatching(): void {
    this.log.push('stops');
  }
  readAvailable(): ReadResult {
    this.log.push('reads');
    return this.next;
  }
}

describe('BatchedReader', () => {
  let reader: BatchedReader;
  let socket: ScriptedSocket;

  beforeEach(() => {
    reader = new BatchedReader(3);
    socket = new ScriptedSocket();
  });
  const joined = (): void => {
    reader.onRead(socket, 3);
    reader.readAll(0);
    socket.log.length = 0;
  };

  it('batches a connection from the first batch on after it was read so often', () => {
    for (const reads of [1, 2, 3]) {
      reader.readAll(reads);
      reader.onRead(socket, reads);
    }
    expect([reader.size, socket.log]).toEqual([0, []]);
    reader.readAll(4);
    expect([reader.size, socket.log]).toEqual([1, ['starts']]);
  });

  it('reads again before new frames can have arrived only where a read may have left some', () => {
    joined();
    for (const nowMs of [20, 22, 24]) reader.readAll(nowMs);
    expect(socket.log).toEqual(['reads']);
    socket.next = 'more';
    reader.readAll(40);
    socket.next = 'some';
    for (const nowMs of [42, 44]) reader.readAll(nowMs);
    expect(socket.log).toEqual(['reads', 'reads', 'reads']);
  });

  it('stops where nothing was there, where it is asked to, and for all when it is stopped', () => {
    joined();
    socket.next = 'nothing';
    reader.readAll(20);
    expect([reader.size, socket.log]).toEqual([0, ['reads', 'stops']]);
    joined();
    reader.remove(socket);
    joined();
    reader.stop();
    expect([reader.size, socket.log]).toEqual([0, ['stops']]);
  });

  it('never batches a connection that was removed before the first batch', () => {
    reader.onRead(socket, 3);
    reader.remove(socket);
    reader.readAll(0);
    expect([reader.size, socket.log]).toEqual([0, []]);
  });
});
