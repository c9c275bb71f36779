import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { PacketQueue } from './packet-queue.js';
import { PacketInvalid, RoomNotFound, type Packet } from './data-channel.js';

const packet = (n: number, fate: Partial<Packet> = {}): Packet => ({
  ...fate,
  bytes: Uint8Array.of(n),
  nonce: Uint8Array.of(n),
});
const partial = (n: number, segment: string): Packet => packet(n, { supersedes: segment, supersededBy: segment });

describe('PacketQueue', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('sends one after the other, in order', async () => {
    const sent: number[] = [];
    let inFlight = 0;
    const queue = new PacketQueue({
      send: async ({ bytes }) => {
        expect(++inFlight).toBe(1);
        await new Promise(setImmediate);
        sent.push(bytes[0]!);
        inFlight -= 1;
      },
      onLost: () => undefined,
    });
    for (let n = 0; n < 20; n++) queue.push(packet(n));
    await queue.idle();
    expect(sent).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('tries again what must arrive, before anything later', async () => {
    const sent: number[] = [];
    let failures = 2;
    const queue = new PacketQueue({
      send: ({ bytes }) => {
        if (failures-- > 0) return Promise.reject(new Error('503'));
        sent.push(bytes[0]!);
        return Promise.resolve();
      },
      onLost: () => undefined,
      firstRetryMs: 1,
    });
    queue.push(packet(1, { supersedes: 'a' }));
    queue.push(packet(2));
    await queue.idle();
    expect(sent).toEqual([1, 2]);
  });

  it('gives up after a while, and counts', async () => {
    let lost = 0;
    const queue = new PacketQueue({
      send: () => Promise.reject(new Error('503')),
      onLost: () => (lost += 1),
      firstRetryMs: 1,
      retryForMs: 5,
    });
    queue.push(packet(1));
    queue.push(partial(2, 'a'));
    await queue.idle();
    expect(lost).toBe(2);
  });

  /** How long a final is tried where every attempt fails so. */
  const triedForMs = async (failure: Error): Promise<number> => {
    jest.useFakeTimers();
    let lastMs = 0;
    const send = (): Promise<void> => {
      lastMs = performance.now();
      return Promise.reject(failure);
    };
    const queue = new PacketQueue({ send, onLost: () => undefined });
    const beganMs = performance.now();
    queue.push(packet(1));
    await jest.advanceTimersByTimeAsync(300_000);
    await queue.idle();
    return lastMs - beganMs;
  };

  it('outlasts an outage of minutes', async () => {
    expect(await triedForMs(new Error('503'))).toBeGreaterThan(120_000);
  });

  it('does not try as long for a room that is over', async () => {
    const ms = await triedForMs(new RoomNotFound());
    expect(ms).toBeGreaterThan(20_000);
    expect(ms).toBeLessThan(60_000);
  });

  it('drops superseded partials while LiveKit is slow, and never a final', async () => {
    const sent: number[] = [];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const queue = new PacketQueue({
      send: async ({ bytes }) => {
        await gate;
        sent.push(bytes[0]!);
      },
      onLost: () => undefined,
    });
    queue.push(packet(0));
    for (let n = 1; n <= 10; n++) queue.push(partial(n, 'a'));
    queue.push(packet(11, { supersedes: 'a' }));
    queue.push(packet(12, { supersedes: 'b' }));
    open();
    await queue.idle();
    expect(sent[0]).toBe(0);
    expect(sent.slice(-2)).toEqual([11, 12]);
    expect(sent.length).toBeLessThan(8);
  });

  it('sends nothing that is not stored, and nothing before it is', async () => {
    const sent: number[] = [];
    const queue = new PacketQueue({
      send: ({ bytes }) => Promise.resolve(void sent.push(bytes[0]!)),
      onLost: () => undefined,
    });
    let written = (): void => undefined;
    queue.push(packet(1, { written: new Promise<void>((resolve) => (written = resolve)) }));
    queue.push(packet(2));
    await new Promise(setImmediate);
    expect(sent).toEqual([]);
    written();
    await queue.idle();
    expect(sent).toEqual([1, 2]);
  });

  it('sends to one participant when no packet for all is waiting', async () => {
    const sent: number[] = [];
    const queue = new PacketQueue({
      send: ({ bytes }) => Promise.resolve(void sent.push(bytes[0]!)),
      onLost: () => undefined,
    });
    queue.push(packet(1));
    queue.push(packet(9, { toIdentity: 'late' }));
    queue.push(packet(2));
    await queue.idle();
    expect(sent).toEqual([1, 2, 9]);
  });

  it('gives up at once what LiveKit will never take, and goes on with the next', async () => {
    const sent: number[] = [];
    const lost: number[] = [];
    const queue = new PacketQueue({
      send: ({ bytes }) => {
        if (bytes[0] === 1) return Promise.reject(new PacketInvalid(400));
        return Promise.resolve(void sent.push(bytes[0]!));
      },
      onLost: ({ bytes }) => void lost.push(bytes[0]!),
    });
    queue.push(packet(1));
    queue.push(packet(2));
    await queue.idle();
    expect([sent, lost]).toEqual([[2], [1]]);
  });
});
