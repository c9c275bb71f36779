import { once } from 'node:events';
import { connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger, type INestApplication } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { WebSocket, type ClientOptions } from 'ws';
import { EgressConnections, type EgressTicket, type TokenFault } from '../egress/egress-connections.js';
import { TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { TrackAudioSink, type TrackAdmission, type TrackInput } from '../media/track-audio-sink.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../records/session-reports.js';
import { AudioGateway } from './audio.gateway.js';
import { EgressWsAdapter } from './egress-ws.adapter.js';
import { FrontDoor } from './front-door.js';
import { UpgradeGate } from './upgrade-gate.js';

/** Remembers what was written, and lets a test wait for it. */
class RecordingSink extends TrackAudioSink {
  readonly admissions = new Map<string, TrackAdmission>();
  readonly samples = new Map<string, number[]>();
  readonly muted: boolean[] = [];
  readonly closed: string[] = [];
  readonly #waiting: (() => void)[] = [];

  override admission(sessionId: string): TrackAdmission {
    return this.admissions.get(sessionId) ?? 'unknown';
  }

  override open(_sessionId: string, trackSid: string): TrackInput {
    const written: number[] = [];
    this.samples.set(trackSid, written);
    const changed = (): void => {
      for (const wake of this.#waiting.splice(0)) wake();
    };
    return {
      write: (samples) => {
        for (const sample of samples) written.push(sample);
        changed();
      },
      setMuted: (muted) => {
        this.muted.push(muted);
        changed();
      },
      close: () => {
        this.closed.push(trackSid);
        changed();
      },
    };
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

class OneToken extends EgressConnections {
  readonly log: string[] = [];

  override ticket(sessionId: string, target: string, token: string): EgressTicket | TokenFault {
    return token === 'good' ? { sessionId, target, attempt: 1 } : 'forged';
  }
  override opened({ target }: EgressTicket): void {
    this.log.push(`opened ${target}`);
  }
  override closed({ target }: EgressTicket, code: number): void {
    this.log.push(`closed ${target} ${code}`);
  }
}

const RAW: ClientOptions = { headers: { 'Content-Type': 'audio/x-raw' } };
/** Ten milliseconds as Egress sends them, left and right equal. */
const frameOf = (value: number): Buffer => {
  const frame = Buffer.alloc(1920);
  for (let at = 0; at < frame.length; at += 2) frame.writeInt16LE(value, at);
  return frame;
};

describe('the audio gateway', () => {
  const sink = new RecordingSink();
  let connections: OneToken;
  let app: INestApplication;
  let port: number;

  beforeEach(async () => {
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    connections = new OneToken();
    sink.admissions.set('live', 'admitted').set('over', 'ended');
    const module = await Test.createTestingModule({
      providers: [
        AudioGateway,
        FrontDoor,
        UpgradeGate,
        Metrics,
        SessionReports,
        { provide: EventBus, useValue: new EventBus(new EventEmitter2()) },
        { provide: EgressConnections, useValue: connections },
        { provide: TrackAudioSink, useValue: sink },
      ],
    }).compile();
    app = module.createNestApplication();
    app.useLogger(false);
    app.useWebSocketAdapter(new EgressWsAdapter(app));
    await app.listen(0, '127.0.0.1');
    port = ((app.getHttpServer() as Server).address() as AddressInfo).port;
  });
  afterEach(async () => {
    await app.close();
    jest.restoreAllMocks();
  });

  const dial = (path: string, options: ClientOptions = RAW): WebSocket =>
    new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
  const opened = async (path: string): Promise<WebSocket> => {
    const socket = dial(path);
    await once(socket, 'open');
    return socket;
  };
  const refusal = async (path: string, options?: ClientOptions): Promise<number> => {
    const socket = dial(path, options);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    socket.terminate();
    return response.statusCode;
  };
  const closeOf = async (socket: WebSocket): Promise<[number, string]> => {
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    return [code, reason.toString()];
  };

  it.each([
    ['a missing token', '/egress/audio/live/TR_a', 401],
    ['a wrong token', '/egress/audio/live/TR_a?token=bad', 401],
    ['a wrong token for an unknown session, which it does not learn', '/egress/audio/nowhere/TR_a?token=bad', 401],
    ['an unknown session', '/egress/audio/nowhere/TR_a?token=good', 404],
    ['a session that is over', '/egress/audio/over/TR_a?token=good', 409],
    ['another path', '/elsewhere?token=good', 404],
  ])('refuses %s before the upgrade', async (_, path, status) => {
    await expect(refusal(path)).resolves.toBe(status);
    expect(connections.log).toEqual([]);
  });

  it('refuses who does not say what it sends, or sends something else', async () => {
    await expect(refusal('/egress/audio/live/TR_a?token=good', {})).resolves.toBe(415);
    const wav = { headers: { 'Content-Type': 'audio/wav' } };
    await expect(refusal('/egress/audio/live/TR_a?token=good', wav)).resolves.toBe(415);
  });

  it('turns 48 kHz stereo into 16 kHz mono, whatever the frames, and tells of both ends', async () => {
    const socket = await opened('/egress/audio/live/TR_pcm?token=good');
    for (let n = 0; n < 20; n++) socket.send(frameOf(8000));
    const whole = frameOf(8000);
    socket.send(whole.subarray(0, 1001));
    socket.send(whole.subarray(1001));
    await sink.until(() => (sink.samples.get('TR_pcm')?.length ?? 0) >= 21 * 160);
    const samples = sink.samples.get('TR_pcm')!;
    expect(samples).toHaveLength(21 * 160);
    for (const sample of samples.slice(200)) expect(Math.abs(sample - 8000)).toBeLessThanOrEqual(8);
    socket.close();
    await sink.until(() => sink.closed.includes('TR_pcm'));
    expect(connections.log).toEqual(['opened TR_pcm', 'closed TR_pcm 1005']);
  });

  it('makes two tracks of a pair, each on its own way from there', async () => {
    const socket = await opened('/egress/audio/live/TR_left,TR_right?token=good');
    const frame = Buffer.alloc(1920);
    for (let at = 0; at < frame.length; at += 4) frame.writeInt16LE(6000, at);
    for (let at = 2; at < frame.length; at += 4) frame.writeInt16LE(-3000, at);
    for (let n = 0; n < 20; n++) socket.send(frame);
    await sink.until(() => (sink.samples.get('TR_right')?.length ?? 0) >= 20 * 160);
    const settled = (trackSid: string): number[] => sink.samples.get(trackSid)!.slice(200);
    for (const sample of settled('TR_left')) expect(Math.abs(sample - 6000)).toBeLessThanOrEqual(8);
    for (const sample of settled('TR_right')) expect(Math.abs(sample + 3000)).toBeLessThanOrEqual(8);
    const opus = { headers: { 'Content-Type': 'audio/opus' } };
    await expect(refusal('/egress/audio/live/TR_left,TR_right?token=good', opus)).resolves.toBe(415);
    socket.close();
    await sink.until(() => sink.closed.includes('TR_left') && sink.closed.includes('TR_right'));
  });

  it('reads mutes', async () => {
    const socket = await opened('/egress/audio/live/TR_mute?token=good');
    socket.send('{"muted":true}');
    socket.send('{"muted":false}');
    await sink.until(() => sink.muted.length === 2);
    expect(sink.muted).toEqual([true, false]);
    socket.close();
  });

  it('closes a socket that sends nonsense, with a reason, and no other track notices', async () => {
    const good = await opened('/egress/audio/live/TR_good?token=good');
    const chatty = await opened('/egress/audio/live/TR_chatty?token=good');
    chatty.send('hello');
    await expect(closeOf(chatty)).resolves.toEqual([1003, 'the only text message is {"muted":true|false}']);
    const huge = await opened('/egress/audio/live/TR_huge?token=good');
    huge.send(Buffer.alloc(70_000));
    await expect(closeOf(huge)).resolves.toEqual([1009, '']);
    const flood = await opened('/egress/audio/live/TR_flood?token=good');
    for (let n = 0; n < 40; n++) flood.send('{"muted":true}');
    await expect(closeOf(flood)).resolves.toEqual([1008, 'too many text messages']);

    const before = sink.samples.get('TR_good')!.length;
    for (let n = 0; n < 5; n++) good.send(frameOf(1));
    await sink.until(() => sink.samples.get('TR_good')!.length === before + 5 * 160);
    const metrics = await app.get(Metrics).registry.metrics();
    expect(metrics).toContain('roomscribe_audio_nonsense_total{kind="text"} 1');
    expect(metrics).toContain('roomscribe_audio_nonsense_total{kind="text-flood"} 1');
    good.close();
  });

  it('takes a burst after a freeze, and refuses a source that is steadily too fast', async () => {
    const socket = await opened('/egress/audio/live/TR_fast?token=good');
    const second = Buffer.alloc(64_000);
    for (let n = 0; n < 3 * 30; n++) socket.send(second);
    await sink.until(() => (sink.samples.get('TR_fast')?.length ?? 0) >= 29 * 16_000);
    expect(socket.readyState).toBe(WebSocket.OPEN);
    for (let n = 0; n < 3 * 40; n++) socket.send(second);
    const [code, reason] = await closeOf(socket);
    expect(code).toBe(1008);
    expect(reason).toContain('48 kHz');
  });

  it('closes what is left of a session that is over', async () => {
    const socket = await opened('/egress/audio/live/TR_left?token=good');
    app.get(EventBus).publish(new TranscriptionStatusChanged('live', 'ended', 'Over.'));
    await expect(closeOf(socket)).resolves.toEqual([1000, 'session over']);
  });

  it('survives who goes away in the middle of a handshake', async () => {
    const socket: Socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      'GET /egress/audio/live/TR_gone?token=bad HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    );
    socket.resetAndDestroy();
    await expect(refusal('/egress/audio/live/TR_a?token=bad')).resolves.toBe(401);
  });
});
