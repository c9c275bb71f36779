import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { frameOf, GatewayUnderTest } from './gateway.spec-kit.js';

describe('a connection that is read in batches', () => {
  let gateway: GatewayUnderTest;
  let client: WebSocket;
  let nowMs = 0;

  const readAll = (): void => {
    nowMs += 10;
    gateway.batchedReader.readAll(nowMs);
  };
  const send = async (bytes: Buffer): Promise<unknown> => new Promise((sent) => client.send(bytes, sent));
  const readUntil = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      readAll();
      await setImmediate();
    }
  };
  /** Resolves when another connection, which is not batched, has been read: so would have been all that came before. */
  const readByEvents = async (track: string): Promise<void> => {
    const other = await gateway.opened(track);
    other.send(frameOf(0));
    await gateway.sink.until(() => gateway.samples(track).length === 160);
    other.terminate();
  };
  const received = (): number => gateway.samples('TR_pcm').length;

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    gateway = await GatewayUnderTest.start();
    client = await gateway.opened('TR_pcm');
    await send(frameOf(1000));
    await gateway.sink.until(() => received() === 160);
    readAll();
    expect(gateway.batchedReader.size).toBe(1);
  });
  afterEach(async () => {
    client.terminate();
    await gateway.close();
    jest.restoreAllMocks();
  });

  it('passes on all that has arrived, in its order, and nothing between two batches', async () => {
    for (const value of [2000, 3000, 4000]) await send(frameOf(value));
    await readByEvents('TR_other');
    expect(received()).toBe(160);
    await readUntil(() => received() === 640);
    const middles = [80, 240, 400, 560].map((at) => Math.round((gateway.samples('TR_pcm')[at] ?? 0) / 1000));
    expect(middles).toEqual([1, 2, 3, 4]);
  });

  it('is read by events again after a batch that found nothing', async () => {
    readAll();
    expect(gateway.batchedReader.size).toBe(0);
    await send(frameOf(2000));
    await gateway.sink.until(() => received() === 320);
  });

  it('is answered when it pings, and its mute is passed on', async () => {
    const ponged = new Promise<string>((resolve) => client.once('pong', (data) => resolve(data.toString())));
    client.ping('there?');
    client.send('{"muted":true}');
    await readUntil(() => gateway.sink.muted.length === 1);
    expect([gateway.sink.muted, await ponged]).toEqual([[true], 'there?']);
  });

  it.each([
    ['says that it closes', () => client.close(1000), 1000],
    ['is cut', () => client.terminate(), 1006],
  ])('ends in time when the peer %s', async (_, end, code) => {
    end();
    await readUntil(() => gateway.sink.closed.includes('TR_pcm'));
    expect(gateway.egresses.log).toEqual(['opened TR_pcm', `closed TR_pcm ${code}`]);
    expect(gateway.batchedReader.size).toBe(0);
  });

  it('is replaced by a second one of its track like any other', async () => {
    const closed = new Promise((resolve) => client.once('close', resolve));
    const second = await gateway.opened('TR_pcm');
    let code: unknown;
    void closed.then((closedWith) => (code = closedWith));
    await readUntil(() => code !== undefined);
    expect(code).toBe(4409);
    second.terminate();
  });

  it('can be closed by us after the last batch', async () => {
    gateway.batchedReader.stop();
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.close(1000);
    expect(await closed).toBe(1000);
  });
});
