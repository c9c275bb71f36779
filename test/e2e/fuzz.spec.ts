import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { createPcmDecoder } from '../../libs/audio/pcm-decoder.js';
import { frame, RawPeer, upgradeHead } from '../../libs/ws-fast-path/raw-peer.spec-kit.js';
import { GatewayUnderTest } from '../../src/audio-gateway/gateway.spec-kit.js';

const HANDSHAKES = 8_000;
const FRAMES = 4_000;
const AT_ONCE = 40;
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_124);

/** Numbers from 0 up to 1 that are the same in every run. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of its own, so that what the peers send does not depend on how much was said. */
const randomSound = randomOf(1);
const random = randomOf(SEED);
const below = (count: number): number => Math.floor(random() * count);
const pick = <T>(choices: readonly T[]): T => choices[below(choices.length)]!;
const bytes = (length: number): Buffer => Buffer.from(Array.from({ length }, () => below(256)));
const text = (length: number): string => bytes(length).toString('latin1');

function mutated(good: Buffer): Buffer {
  const bad = Buffer.from(good);
  for (let n = 0; n <= below(6); n++) bad[below(bad.length)] = below(256);
  const cut = below(bad.length);
  return pick([bad, bad.subarray(0, cut), Buffer.concat([bad.subarray(0, cut), bytes(below(50)), bad.subarray(cut)])]);
}

const token = (): string => pick(['bad', '', 'good', text(below(100)), '%', '%00', '1.2.3', 'x'.repeat(below(9_000))]);
const part = (): string =>
  pick(['live', 'over', 'TR_a', '..', '', text(below(80)), '%2C', 'a,b,c', 'é', '\0', 'x'.repeat(65)]);
const path = (): string => pick([`/egress/audio/${part()}/${part()}?token=${token()}`, `/${part()}`, part(), '*']);
const header = (): [string, string] => [
  pick([
    'Host',
    'Connection',
    'Upgrade',
    'Sec-WebSocket-Key',
    'Sec-WebSocket-Version',
    'Content-Length',
    'Transfer-Encoding',
    'Content-Type',
    text(5),
  ]),
  pick(['', 'websocket', 'h2c', '12', '-1', 'chunked', '9'.repeat(30), text(below(60)), 'x'.repeat(below(20_000))]),
];

const handshake = (): Buffer =>
  pick([
    () => bytes(1 + below(400)),
    () => mutated(Buffer.from(upgradeHead('/egress/audio/live/TR_fuzz?token=bad'))),
    () => mutated(Buffer.from(upgradeHead('/egress/audio/live/TR_fuzz?token=good'))),
    () => Buffer.from(upgradeHead(path()), 'latin1'),
    () =>
      Buffer.from(
        upgradeHead('/egress/audio/live/TR_fuzz?token=bad', Object.fromEntries([header(), header()])),
        'latin1',
      ),
    () =>
      Buffer.from(
        `${pick(['POST', 'CONNECT', 'PRI', text(4)])} ${path()} HTTP/${pick(['1.0', '1.1', '2.0', '9'])}\r\n\r\n`,
        'latin1',
      ),
  ])();

const hostileFrames = (): Buffer =>
  Buffer.concat(
    Array.from({ length: 1 + below(8) }, () =>
      pick([
        () => bytes(1 + below(200)),
        () =>
          frame(below(16), bytes(below(200)), {
            final: random() < 0.7,
            masked: random() < 0.9,
            reserved: pick([0, 0, 0x10, 0x40, 0x70]),
          }),
        () => frame(2, bytes(below(2_000)), { final: random() < 0.5 }),
        () =>
          frame(2, bytes(below(20)), { length: pick([0, 1, 125, 126, 65_535, 65_536, 65_537, 2 ** 31, 2 ** 53 - 1]) }),
        () =>
          frame(
            1,
            pick([
              bytes(below(80)),
              Buffer.from('{"muted":"yes"}'),
              Buffer.from('{"muted":true}'),
              Buffer.from('[[[['),
              Buffer.from('null'),
            ]),
          ),
        () => frame(pick([8, 9, 10]), bytes(below(130))),
        () => mutated(frame(2, bytes(1_920))),
      ])(),
    ),
  );

describe('the audio gateway, while one track is received', () => {
  const sent: Buffer[] = [];
  let gateway: GatewayUnderTest;
  let track: WebSocket;
  let speaking: NodeJS.Timeout;

  beforeAll(async () => {
    for (const level of ['log', 'warn'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    gateway = await GatewayUnderTest.start();
    track = await gateway.opened('TR_track');
    speaking = setInterval(() => {
      const sound = Buffer.from(Array.from({ length: 1_920 }, () => randomSound() * 256));
      sent.push(sound);
      track.send(sound);
    }, 10);
  });
  afterAll(async () => {
    clearInterval(speaking);
    await gateway.close();
    jest.restoreAllMocks();
  });

  /** Each peer writes, ends its side, and waits until the gateway has ended the other. */
  const attack = async (count: number, one: () => Promise<RawPeer>): Promise<void> => {
    let left = count;
    const attacker = async (): Promise<void> => {
      while (left-- > 0) {
        const peer = await one();
        peer.socket.end();
        await peer.closed;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, attacker));
  };
  const allReceived = async (): Promise<void> => {
    const decoder = createPcmDecoder({ rateHz: 48_000, channels: 2 });
    const expected = sent.slice().flatMap((sound) => [...decoder.decode(sound)]);
    await gateway.sink.until(() => gateway.samples('TR_track').length >= expected.length);
    // jest would take seconds to compare so many numbers.
    expect(isDeepStrictEqual(gateway.samples('TR_track').slice(0, expected.length), expected)).toBe(true);
    expect(track.readyState).toBe(1);
  };

  it(`loses no sample of it to ${HANDSHAKES} malformed handshakes, seed ${SEED}`, async () => {
    await attack(HANDSHAKES, async () => {
      const peer = await RawPeer.connect(gateway.port);
      peer.write(handshake());
      return peer;
    });
    await allReceived();
    const counts = ['connections_cut_total{reason="malformed"}', 'connections_cut_total{reason="failing"}'];
    for (const name of counts) expect([name, await gateway.metric(name)]).not.toEqual([name, 0]);
  });

  it(`loses no sample of it to ${FRAMES} connections of malformed frames, seed ${SEED}`, async () => {
    let n = 0;
    await attack(FRAMES, async () => {
      const peer = await RawPeer.upgraded(gateway.port, `/egress/audio/live/TR_fuzz${(n += 1)}?token=good`);
      peer.write(hostileFrames());
      return peer;
    });
    await allReceived();
    expect(await gateway.metric('audio_protocol_violations_total{kind="text"}')).toBeGreaterThan(0);
    expect(await gateway.metric('connections_pending')).toBe(0);
    expect(gateway.egresses.log.filter((line) => line.startsWith('opened TR_fuzz')).length).toBeGreaterThanOrEqual(
      FRAMES,
    );
  });
});
