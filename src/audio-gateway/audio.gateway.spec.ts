import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { WebSocket } from 'ws';
import { TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { closeOf, frameOf, GatewayUnderTest, unsettled, UPGRADERS } from './gateway.spec-kit.js';

describe.each(UPGRADERS)('the audio gateway with %s', (upgrader) => {
  let gateway: GatewayUnderTest;

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    gateway = await GatewayUnderTest.start(upgrader);
  });
  afterEach(async () => {
    await gateway.close();
    jest.restoreAllMocks();
  });

  it.each([
    ['a missing token', '/egress/audio/live/TR_a', 401],
    ['a wrong token', '/egress/audio/live/TR_a?token=bad', 401],
    ['a wrong token for an unknown session, which it does not learn', '/egress/audio/nowhere/TR_a?token=bad', 401],
    ['an unknown session', '/egress/audio/nowhere/TR_a?token=good', 404],
    ['a session that is over', '/egress/audio/over/TR_a?token=good', 409],
    ['another path', '/elsewhere?token=good', 404],
  ])('refuses %s before the upgrade', async (_, path, status) => {
    await expect(gateway.refusal(path)).resolves.toBe(status);
    expect(gateway.egresses.log).toEqual([]);
  });

  it('refuses a source that does not say what it sends, or sends something else', async () => {
    await expect(gateway.refusal('/egress/audio/live/TR_a?token=good', {})).resolves.toBe(415);
    const wav = { headers: { 'Content-Type': 'audio/wav' } };
    await expect(gateway.refusal('/egress/audio/live/TR_a?token=good', wav)).resolves.toBe(415);
  });

  it('turns 48 kHz stereo into 16 kHz mono, whatever the frames, and reports opening and closing', async () => {
    const socket = await gateway.opened('TR_pcm');
    for (let n = 0; n < 20; n++) socket.send(frameOf(8000));
    const whole = frameOf(8000);
    socket.send(whole.subarray(0, 1001));
    socket.send(whole.subarray(1001));
    await gateway.sink.until(() => (gateway.sink.samples.get('TR_pcm')?.length ?? 0) >= 21 * 160);
    const samples = gateway.sink.samples.get('TR_pcm')!;
    expect(samples).toHaveLength(21 * 160);
    expect(unsettled(samples, 8000)).toEqual([]);
    const states = gateway.app.get(SessionStates);
    expect(states.connection('live', 'TR_pcm')).toMatchObject({ frames: 22, codec: 'pcm', muted: false });
    socket.close();
    await gateway.sink.until(() => gateway.sink.closed.includes('TR_pcm'));
    expect(states.connection('live', 'TR_pcm')).toBeUndefined();
    expect(gateway.egresses.log).toEqual(['opened TR_pcm', 'closed TR_pcm 1005']);
  });

  it('makes two tracks of a pair', async () => {
    const socket = await gateway.opened('TR_left,TR_right');
    const frame = Buffer.alloc(1920);
    for (let at = 0; at < frame.length; at += 4) frame.writeInt16LE(6000, at);
    for (let at = 2; at < frame.length; at += 4) frame.writeInt16LE(-3000, at);
    for (let n = 0; n < 20; n++) socket.send(frame);
    await gateway.sink.until(() => (gateway.sink.samples.get('TR_right')?.length ?? 0) >= 20 * 160);
    expect(unsettled(gateway.samples('TR_left'), 6000)).toEqual([]);
    expect(unsettled(gateway.samples('TR_right'), -3000)).toEqual([]);
    const opus = { headers: { 'Content-Type': 'audio/opus' } };
    await expect(gateway.refusal('/egress/audio/live/TR_left,TR_right?token=good', opus)).resolves.toBe(415);
    socket.close();
    await gateway.sink.until(() => gateway.sink.closed.includes('TR_left') && gateway.sink.closed.includes('TR_right'));
  });

  it('reads mutes', async () => {
    const socket = await gateway.opened('TR_mute');
    socket.send('{"muted":true}');
    socket.send('{"muted":false}');
    await gateway.sink.until(() => gateway.sink.muted.length === 2);
    expect(gateway.sink.muted).toEqual([true, false]);
    socket.close();
  });

  it('closes a socket for a protocol violation, with a reason, and no other track notices', async () => {
    const good = await gateway.opened('TR_good');
    const chatty = await gateway.opened('TR_chatty');
    chatty.send('hello');
    await expect(closeOf(chatty)).resolves.toEqual([1003, 'the only text message is {"muted":true|false}']);
    const huge = await gateway.opened('TR_huge');
    huge.send(Buffer.alloc(70_000));
    await expect(closeOf(huge)).resolves.toEqual([1009, '']);
    const before = gateway.sink.samples.get('TR_good')!.length;
    for (let n = 0; n < 5; n++) good.send(frameOf(1));
    await gateway.sink.until(() => gateway.sink.samples.get('TR_good')!.length === before + 5 * 160);
    expect(await gateway.metric('audio_protocol_violations_total{kind="text"}')).toBe(1);
    good.close();
  });

  it('keeps a socket whose mute messages come too fast, and the last of them holds', async () => {
    const flood = await gateway.opened('TR_flood');
    for (let n = 0; n <= 100; n++) flood.send(`{"muted":${n % 2 === 0}}`);
    for (let n = 0; n < 5; n++) flood.send(frameOf(1));
    await gateway.sink.until(() => gateway.sink.samples.get('TR_flood')?.length === 5 * 160);
    expect(gateway.sink.muted.at(-1)).toBe(true);
    expect(gateway.sink.muted.length).toBeLessThan(50);
    expect(await gateway.metric('audio_protocol_violations_total{kind="text-flood"}')).toBe(1);
    flood.close();
  });

  it('takes a burst after a freeze, and refuses a source that is steadily too fast', async () => {
    const socket = await gateway.opened('TR_fast');
    const closing = closeOf(socket);
    const isClosed = (): boolean => gateway.sink.closed.includes('TR_fast');
    const second = Buffer.alloc(64_000);
    for (let n = 0; n < 3 * 30; n++) socket.send(second);
    await gateway.sink.until(() => (gateway.sink.samples.get('TR_fast')?.length ?? 0) >= 29 * 16_000);
    gateway.checkAfter(0);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    for (let n = 0; n < 3 * 40; n++) socket.send(second);
    await gateway.sink.until(() => isClosed() || gateway.samples('TR_fast').length >= 69 * 16_000);
    gateway.checkAfter(0);
    const [code, reason] = await closing;
    expect(code).toBe(1008);
    expect(reason).toContain('48 kHz');
  });

  it('closes what is left of a session that is over', async () => {
    const socket = await gateway.opened('TR_left');
    gateway.app.get(EventBus).publish(new TranscriptionStatusChanged('live', 'ended', 'Over.'));
    await expect(closeOf(socket)).resolves.toEqual([1000, 'session over']);
  });

  it('survives a peer that resets its connection in the middle of a handshake', async () => {
    const socket: Socket = connect(gateway.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'GET /egress/audio/live/TR_gone?token=bad HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    socket.resetAndDestroy();
    await expect(gateway.refusal('/egress/audio/live/TR_a?token=bad')).resolves.toBe(401);
  });
});
