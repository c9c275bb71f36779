import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import { ApiBudget } from './api-budget.js';

const config = (apiPerMinute: number, httpUrl = 'http://livekit') => ({
  ...{ apiKey: 'key', apiSecret: 'secret', httpUrl, apiPerMinute, wsUrl: '' },
});

describe('ApiBudget', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
  afterEach(() => void jest.useRealTimers());

  it('is spent by each request, and refills within the minute', () => {
    const budget = new ApiBudget(config(120), new Metrics());
    expect(budget.share).toBe(1);
    for (let request = 0; request < 15; request += 1) budget.answered(200);
    expect(budget.share).toBeCloseTo(0.5);
    for (let request = 0; request < 100; request += 1) budget.answered(200);
    expect(budget.share).toBe(0);
    jest.advanceTimersByTime(30_000);
    expect(budget.share).toBe(1);
  });

  it('is never short where there is no limit', () => {
    const budget = new ApiBudget(config(0), new Metrics());
    for (let request = 0; request < 10_000; request += 1) budget.answered(200);
    expect(budget.share).toBe(1);
  });

  it('lets nobody ask for as long as LiveKit says, and for a minute at most', async () => {
    const budget = new ApiBudget(config(1_000), new Metrics());
    budget.answered(429, '2');
    budget.answered(429, '1');
    expect(budget.pauseMs).toBe(2_000);
    let ready = false;
    const waiting = budget.ready().then(() => (ready = true));
    await jest.advanceTimersByTimeAsync(1_999);
    expect(ready).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await waiting;
    budget.answered(429, '86400');
    expect(budget.pauseMs).toBe(60_000);
    budget.onModuleDestroy();
    await budget.ready();
  });

  it('reads the answers to what the SDK asks LiveKit, and no others', async () => {
    const server = createServer((_, response) => response.writeHead(429, { 'Retry-After': '5' }).end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [budget, other] = [config(100, url), config(100)].map((each) => new ApiBudget(each, new Metrics()));
    budget?.onModuleInit();
    other?.onModuleInit();
    await (await fetch(`${url}/twirp/livekit.RoomService/ListRooms`)).text();
    expect([budget?.pauseMs, other?.pauseMs]).toEqual([5_000, 0]);
    budget?.onModuleDestroy();
    other?.onModuleDestroy();
    server.close().closeAllConnections();
  });
});
