import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { WebSocket } from 'ws';
import { BINARY, CONTINUATION, frame, PING, RawPeer, TEXT } from '../../libs/ws-fast-path/raw-peer.spec-kit.js';
import { closeOf, frameOf, GatewayUnderTest, unsettled, UPGRADERS } from './gateway.spec-kit.js';

const PATH = '/egress/audio/live/TR_bad?token=good';
const FRAMES_AFTER = 20;
const times = (count: number, bytes: Buffer): Buffer => Buffer.concat(Array.from({ length: count }, () => bytes));
/** A second of a pair's audio: 6000 on the left, -3000 on the right. */
const PAIR = Buffer.alloc(192_000);
for (let at = 0; at < PAIR.length; at += 4) {
  PAIR.writeInt16LE(6000, at);
  PAIR.writeInt16LE(-3000, at + 2);
}

describe.each(UPGRADERS)('with %s, a peer that has a good token and sends', (upgrader) => {
  let gateway: GatewayUnderTest;
  let neighbour: WebSocket;

  beforeAll(async () => {
    for (const level of ['log', 'warn'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    gateway = await GatewayUnderTest.start(upgrader);
    neighbour = await gateway.opened('TR_neighbour');
  });
  afterEach(async () => {
    const before = gateway.samples('TR_neighbour').length;
    for (let n = 0; n < FRAMES_AFTER; n++) neighbour.send(frameOf(1));
    await gateway.sink.until(() => gateway.samples('TR_neighbour').length === before + FRAMES_AFTER * 160);
  });
  afterAll(async () => {
    await gateway.close();
    jest.restoreAllMocks();
  });

  const peer = (path = PATH, headers?: Record<string, string>): Promise<RawPeer> =>
    RawPeer.upgraded(gateway.port, path, headers);
  const settled = (track: string, value: number): void => {
    expect(unsettled(gateway.samples(track), value)).toEqual([]);
  };
  const counted = (kind: string): Promise<number> => gateway.metric(`audio_protocol_violations_total{kind="${kind}"}`);

  it('pieces of any length keeps its channels apart and loses no sample', async () => {
    const pair = await peer('/egress/audio/live/TR_left,TR_right?token=good');
    const pieces = [0, 1, 1, 1, 3, 5, 7, 0, 641, 1919, 1921, 997];
    let at = 0;
    for (let n = 0; at < PAIR.length; n++) {
      const length = pieces[n % pieces.length]!;
      pair.write(frame(BINARY, PAIR.subarray(at, at + length)));
      at += length;
    }
    await gateway.sink.until(() => gateway.samples('TR_right').length === 16_000);
    expect(gateway.samples('TR_left')).toHaveLength(16_000);
    settled('TR_left', 6000);
    settled('TR_right', -3000);
    pair.socket.destroy();
  });

  it('the largest message that is allowed, in the middle of a sample, is received', async () => {
    const track = await peer();
    track.write(frame(BINARY, PAIR.subarray(0, 3)), frame(BINARY, PAIR.subarray(3, 3 + 65_536)));
    await gateway.sink.until(() => gateway.samples('TR_bad').length >= 5_460);
    settled('TR_bad', 1500);
    track.socket.destroy();
  });

  it('one message in many fragments is received as one', async () => {
    const track = await peer();
    for (let n = 0; n < 10; n++) {
      track.write(frame(BINARY, PAIR.subarray(0, 600), { final: false }));
      track.write(frame(PING), frame(CONTINUATION, PAIR.subarray(600, 601), { final: false }));
      track.write(frame(CONTINUATION, PAIR.subarray(601, 1920)));
    }
    await gateway.sink.until(() => gateway.samples('TR_bad').length === 1_600);
    settled('TR_bad', 1500);
    track.socket.destroy();
  });

  it.each([
    ['a message of one byte too many', 1009, 'ws_err_unsupported_message_length', frame(BINARY, Buffer.alloc(65_537))],
    ['a message of 1 MB', 1009, 'ws_err_unsupported_message_length', frame(BINARY, Buffer.alloc(1_000_000))],
    [
      'the head of a message of 2^50 bytes',
      1009,
      'ws_err_unsupported_message_length',
      frame(BINARY, Buffer.alloc(0), { length: 2 ** 50 }),
    ],
    [
      'fragments that come to too much',
      1009,
      'ws_err_unsupported_message_length',
      Buffer.concat([frame(BINARY, Buffer.alloc(60_000), { final: false }), frame(CONTINUATION, Buffer.alloc(6_000))]),
    ],
    [
      'fragments without an end',
      1008,
      'ws_err_too_many_buffered_parts',
      Buffer.concat([
        frame(BINARY, Buffer.alloc(1), { final: false }),
        times(200, frame(CONTINUATION, Buffer.alloc(0), { final: false })),
      ]),
    ],
    ['an unknown text', 1003, 'text', frame(TEXT, Buffer.from('hello'))],
    ['bad UTF-8', 1003, 'text', frame(TEXT, Buffer.from([0xc3, 0x28, 0xff]))],
    ['bad UTF-8 in what else is a mute', 1003, 'text', frame(TEXT, Buffer.from('{"muted":true,"\xff":1}', 'latin1'))],
    ['an empty text', 1003, 'text', frame(TEXT)],
    ['a flood of pings', 1008, 'ping-flood', times(10_000, frame(PING, Buffer.alloc(125)))],
    ['a flood of pongs', 1008, 'ping-flood', times(10_000, frame(10, Buffer.alloc(125)))],
    ['a frame without a mask', 1002, 'ws_err_expected_mask', frame(BINARY, Buffer.alloc(4), { masked: false })],
    ['a compressed frame', 1002, 'ws_err_unexpected_rsv_1', frame(BINARY, Buffer.alloc(4), { reserved: 0x40 })],
    ['an unknown opcode', 1002, 'ws_err_invalid_opcode', frame(5, Buffer.alloc(4))],
    ['a ping that is too long', 1002, 'ws_err_invalid_control_payload_length', frame(PING, Buffer.alloc(126))],
  ])('%s is closed with %i, and counted once', async (_, code, kind, bytes) => {
    const before = await counted(kind);
    const bad = await peer();
    bad.write(bytes);
    await expect(bad.closeCode()).resolves.toBe(code);
    expect(await counted(kind)).toBe(before + 1);
    expect(gateway.samples('TR_bad').length).toBeLessThan(16_000);
  });

  it('empty frames without end is closed at the next check', async () => {
    const flood = await peer();
    flood.write(times(30_000, frame(BINARY)), frame(PING, Buffer.from('all were read')));
    await flood.until('all were read');
    gateway.checkAfter(0);
    await expect(flood.closeCode()).resolves.toBe(1008);
    expect(await counted('frame-flood')).toBe(1);
  });

  it('packets that are no Opus does no harm', async () => {
    const bad = await peer(PATH, { 'Content-Type': 'audio/opus' });
    for (let n = 0; n < 50; n++) bad.write(frame(BINARY, Buffer.alloc(n, 0xff - n)));
    bad.write(frame(TEXT, Buffer.from('that was all')));
    await expect(bad.closeCode()).resolves.toBe(1003);
  });

  it('on after it was closed is cut', async () => {
    const bad = await peer('/egress/audio/live/TR_on?token=good');
    bad.write(frame(TEXT, Buffer.from('hello')));
    const more = setInterval(() => bad.write(frame(BINARY, Buffer.alloc(1920))), 10);
    await bad.closed;
    clearInterval(more);
    expect(gateway.samples('TR_on')).toEqual([]);
  });

  it('with compression gets none', async () => {
    const track = await peer(PATH, { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' });
    expect(track.answer).not.toMatch(/extensions/i);
    track.socket.destroy();
  });

  it('a second socket of the same track is the one that counts: the first is closed', async () => {
    const first = await gateway.opened('TR_twice');
    const other = await gateway.opened('TR_other');
    const replaced = closeOf(first);
    const second = await gateway.opened('TR_twice');
    await expect(replaced).resolves.toEqual([4409, 'replaced']);
    second.send(frameOf(100));
    await gateway.sink.until(() => gateway.samples('TR_twice').length === 160);
    expect(other.readyState).toBe(1);
    second.close();
    await once(second, 'close');
  });
});
