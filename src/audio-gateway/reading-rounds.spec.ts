import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { frameOf, GatewayUnderTest } from './gateway.spec-kit.js';
import { ReadingRounds, type Fetched, type SteadySocket } from './reading-rounds.js';

class ScriptedSocket implements SteadySocket {
  readonly log: string[] = [];
  next: Fetched = 'some';

  enterRounds(): void {
    this.log.push('enters');
  }
  leaveRounds(): void {
    this.log.push('leaves');
  }
  fetch(): Fetched {
    this.log.push('fetch');
    return this.next;
  }
}

describe('reading in rounds', () => {
  let rounds: ReadingRounds;
  let socket: ScriptedSocket;

  beforeEach(() => {
    rounds = new ReadingRounds(3);
    socket = new ScriptedSocket();
  });
  const joined = (): void => {
    rounds.offer(socket, 3);
    rounds.round(0);
    socket.log.length = 0;
  };

  it('begins with the round after a connection was read so often', () => {
    for (const reads of [1, 2, 3]) {
      rounds.round(reads);
      rounds.offer(socket, reads);
    }
    expect([rounds.size, socket.log]).toEqual([0, []]);
    rounds.round(4);
    expect([rounds.size, socket.log]).toEqual([1, ['enters']]);
  });

  it('looks again before more can have come only where more was there than was read', () => {
    joined();
    for (const nowMs of [20, 22, 24]) rounds.round(nowMs);
    expect(socket.log).toEqual(['fetch']);
    socket.next = 'more';
    rounds.round(40);
    socket.next = 'some';
    for (const nowMs of [42, 44]) rounds.round(nowMs);
    expect(socket.log).toEqual(['fetch', 'fetch', 'fetch']);
  });

  it('ends where nothing was there, where it is asked to, and when the process does', () => {
    joined();
    socket.next = 'nothing';
    rounds.round(20);
    expect([rounds.size, socket.log]).toEqual([0, ['fetch', 'leaves']]);
    joined();
    rounds.withdraw(socket);
    joined();
    rounds.onApplicationShutdown();
    expect([rounds.size, socket.log]).toEqual([0, ['leaves']]);
  });

  it('never begins for one that was withdrawn meanwhile', () => {
    rounds.offer(socket, 3);
    rounds.withdraw(socket);
    rounds.round(0);
    expect([rounds.size, socket.log]).toEqual([0, []]);
  });
});

describe('a connection that is read in rounds', () => {
  let gateway: GatewayUnderTest;
  let client: WebSocket;
  let nowMs = 0;

  const round = (): void => {
    nowMs += 10;
    gateway.rounds.round(nowMs);
  };
  const aTurn = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));
  const send = async (bytes: Buffer): Promise<unknown> => new Promise((sent) => client.send(bytes, sent));
  const roundsUntil = async (condition: () => boolean): Promise<void> => {
    while (!condition()) {
      round();
      await aTurn();
    }
  };
  const heard = (): number => gateway.samples('TR_pcm').length;

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    gateway = await GatewayUnderTest.start();
    client = await gateway.opened('TR_pcm');
    await send(frameOf(1000));
    await gateway.sink.until(() => heard() === 160);
    round();
    expect(gateway.rounds.size).toBe(1);
  });
  afterEach(async () => {
    client.terminate();
    await gateway.close();
    jest.restoreAllMocks();
  });

  it('brings everything that has come, in its order, and nothing in between', async () => {
    for (const value of [2000, 3000, 4000]) await send(frameOf(value));
    for (let turns = 0; turns < 5; turns++) await aTurn();
    expect(heard()).toBe(160);
    await roundsUntil(() => heard() === 640);
    const middles = [80, 240, 400, 560].map((at) => Math.round((gateway.samples('TR_pcm')[at] ?? 0) / 1000));
    expect(middles).toEqual([1, 2, 3, 4]);
  });

  it('is read as it comes again after a round that found nothing', async () => {
    round();
    expect(gateway.rounds.size).toBe(0);
    await send(frameOf(2000));
    await gateway.sink.until(() => heard() === 320);
  });

  it('is answered when it pings, and hears of its mute', async () => {
    const ponged = new Promise<string>((resolve) => client.once('pong', (data) => resolve(data.toString())));
    client.ping('there?');
    client.send('{"muted":true}');
    await roundsUntil(() => gateway.sink.muted.length === 1);
    expect([gateway.sink.muted, await ponged]).toEqual([[true], 'there?']);
  });

  it.each([
    ['says that it closes', () => client.close(1000), 1000],
    ['is cut', () => client.terminate(), 1006],
  ])('ends in time when the peer %s', async (_, end, code) => {
    end();
    await roundsUntil(() => gateway.sink.closed.includes('TR_pcm'));
    expect(gateway.connections.log).toEqual(['opened TR_pcm', `closed TR_pcm ${code}`]);
    expect(gateway.rounds.size).toBe(0);
  });

  it('is replaced by a second one as if it were not', async () => {
    const closed = new Promise((resolve) => client.once('close', resolve));
    const second = await gateway.opened('TR_pcm');
    let code: unknown;
    void closed.then((told) => (code = told));
    await roundsUntil(() => code !== undefined);
    expect(code).toBe(4409);
    second.terminate();
  });

  it('can be closed by us once no round comes any more', async () => {
    gateway.rounds.onApplicationShutdown();
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.close(1000);
    expect(await closed).toBe(1000);
  });
});
