import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RawPeer, upgradeHead } from '../../libs/ws-fast-path/raw-peer.spec-kit.js';
import { frameOf, GatewayUnderTest } from './gateway.spec-kit.js';

const GOOD = '/egress/audio/live/TR_good?token=good';
const BAD = '/egress/audio/live/TR_good?token=bad';

describe('a peer that', () => {
  let gateway: GatewayUnderTest;

  beforeEach(async () => {
    for (const level of ['log', 'warn'] as const)
      jest.spyOn(Logger.prototype, level).mockImplementation(() => undefined);
    gateway = await GatewayUnderTest.start();
  });
  afterEach(async () => {
    await gateway.close();
    jest.restoreAllMocks();
  });

  const peer = (): Promise<RawPeer> => RawPeer.connect(gateway.port);
  const peers = (count: number): Promise<RawPeer[]> => Promise.all(Array.from({ length: count }, peer));
  const cut = (reason: string): Promise<number> => gateway.metric(`connections_cut_total{reason="${reason}"}`);
  it('sends no request, or not all of one, is cut after five seconds', async () => {
    const [silent, slow, served] = (await peers(3)) as [RawPeer, RawPeer, RawPeer];
    slow.write('GET /egress/audio/live/TR_good?token=good HTTP/1.1\r\n', 'X-Padding: x\r\n');
    served.write('GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(served.socket, 'data');
    await gateway.tcp.accepted(3);
    expect(await gateway.metric('connections_pending')).toBe(2);
    gateway.checkAfter(5_000);
    expect(await gateway.metric('connections_pending')).toBe(2);
    gateway.checkAfter(1);
    await Promise.all([silent.closed, slow.closed]);
    expect(await cut('slow')).toBe(2);
    expect(await gateway.metric('connections_pending')).toBe(0);
    served.socket.destroy();
  });

  it('sends its second request slowly is cut by the limits of the HTTP server', async () => {
    const server = gateway.app.getHttpServer() as HttpServer;
    expect(server).toMatchObject({ headersTimeout: 5_000, requestTimeout: 30_000 });
    server.headersTimeout = 100;
    const slow = await peer();
    slow.write('GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(slow.socket, 'data');
    slow.write('GET /egress/audio/live/TR_good?token=good HTTP/1.1\r\n');
    await slow.closed;
    expect(await cut('slow')).toBe(0);
  });

  it('is found to be slow by two at once is cut once', async () => {
    const server = gateway.app.getHttpServer() as Server;
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    const slow = await peer();
    const [socket] = await accepted;
    const tooLate = Object.assign(new Error('too late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    for (let times = 0; times < 2; times++) server.emit('clientError', tooLate, socket);
    await slow.closed;
    expect(await cut('slow')).toBe(1);
  });

  it('comes with hundreds that send nothing loses most of them after two seconds, and a good token gets in', async () => {
    const crowd = await peers(300);
    await gateway.tcp.accepted(300);
    const gone = crowd.slice(0, 200).map(({ closed }) => closed);
    const good = await gateway.opened('TR_good');
    gateway.checkAfter(2_001);
    await Promise.all(gone);
    expect(await cut('crowded')).toBe(300 - 64);
    good.send(frameOf(1));
    await gateway.sink.until(() => gateway.samples('TR_good').length === 160);
    good.terminate();
    for (const each of crowd) each.socket.destroy();
  });

  it('guesses is answered two hundred times and then cut; a good token gets in all the while', async () => {
    const guesses = 400;
    const answers: number[] = [];
    for (let n = 0; n < guesses; n++) {
      const guesser = await peer();
      guesser.write(upgradeHead(BAD));
      await guesser.closed;
      answers.push(guesser.status);
      if (n % 100 === 0) (await gateway.opened(`TR_${n}`)).terminate();
    }
    expect(answers.slice(0, 200)).toEqual(Array(200).fill(401));
    const unanswered = answers.filter(Number.isNaN).length;
    expect(unanswered).toBe(200);
    expect(await cut('failing')).toBe(unanswered);
    expect(await gateway.metric('audio_upgrades_refused_total{status="401",reason="forged"}')).toBe(guesses);
    expect(gateway.egresses.log.filter((line) => line.startsWith('opened'))).toHaveLength(4);
  });

  it('has had a token is answered, however often its address has failed', async () => {
    for (let n = 0; n < 250; n++) {
      const guesser = await peer();
      guesser.write(upgradeHead(BAD));
      await guesser.closed;
    }
    await expect(gateway.refusal('/egress/audio/over/TR_a?token=good')).resolves.toBe(409);
  });

  it('keeps its side open after it was refused is let go', async () => {
    const refused = await peers(20);
    for (const each of refused) {
      each.socket.pause();
      each.write(upgradeHead(BAD));
    }
    expect(await gateway.tcp.allClosed(20)).toBe(0);
    for (const each of refused) each.socket.destroy();
  });

  it.each([
    ['is no HTTP', 400, 'malformed', '\x16\x03\x01 this is TLS\r\n\r\n'],
    ['has too long a head', 431, 'malformed', `GET ${GOOD} HTTP/1.1\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['has a header that is none', 400, 'malformed', 'GET / HTTP/1.1\r\n: none\r\n\r\n'],
  ])('%s is answered with %i, cut and counted', async (_, status, reason, bytes) => {
    const bad = await peer();
    bad.write(bytes);
    await bad.closed;
    expect(bad.status).toBe(status);
    expect(await cut(reason)).toBe(1);
  });

  it.each([
    ['another version', { 'Sec-WebSocket-Version': '12' }],
    ['a key that is none', { 'Sec-WebSocket-Key': 'short' }],
    ['another protocol', { Upgrade: 'h2c' }],
  ])('shakes hands in %s is refused with 400, and its token is still good', async (_, headers) => {
    const bad = await peer();
    bad.write(upgradeHead(GOOD, headers));
    await bad.closed;
    expect(bad.status).toBe(400);
    expect(await gateway.metric('audio_upgrades_refused_total{status="400",reason="handshake"}')).toBe(1);
    expect(gateway.egresses.log).toEqual([]);
  });

  it('goes away in the middle of it leaves nothing behind', async () => {
    for (const each of await peers(50)) {
      each.write(upgradeHead(GOOD).slice(0, 40));
      each.socket.resetAndDestroy();
    }
    expect(await gateway.tcp.allClosed(50)).toBe(0);
    expect(await gateway.metric('connections_pending')).toBe(0);
  });
});
