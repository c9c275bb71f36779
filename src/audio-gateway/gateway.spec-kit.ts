import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { WebSocket, type ClientOptions } from 'ws';
import { AudioUpgrader, PlainUpgrader } from '../../libs/ws-fast-path/audio-upgrader.js';
import { BatchedReader } from '../../libs/ws-fast-path/batched-reader.js';
import { FastUpgrader } from '../../libs/ws-fast-path/fast-upgrader.js';
import { EgressConnections, type EgressTicket, type TokenFault } from '../egress/egress-connections.port.js';
import { EventBus } from '../events/event-bus.js';
import { Clock } from '../media/clock.js';
import { ManualClock } from '../media/manual-clock.spec-kit.js';
import { TrackAudioSink, type TrackAdmission, type TrackInput } from '../media/track-audio-sink.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReportReader } from '../sessions/session-report-reader.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionStates } from '../sessions/session-states.port.js';
import { AudioGateway } from './audio.gateway.js';
import { ConnectionLimiter } from './connection-limiter.js';
import { EgressWsAdapter } from './egress-ws.adapter.js';
import { UpgradeGate } from './upgrade-gate.js';

/** Lets a test wait for a condition that is checked after each change. */
class Changes {
  readonly #waiting: (() => void)[] = [];

  changed(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** Records what was written, and lets a test wait for it. */
export class RecordingSink extends TrackAudioSink {
  readonly admissions = new Map<string, TrackAdmission>();
  readonly samples = new Map<string, number[]>();
  readonly muted: boolean[] = [];
  readonly closed: string[] = [];
  readonly #changes = new Changes();

  override reportMissing(): void {}

  override admission(sessionId: string): TrackAdmission {
    return this.admissions.get(sessionId) ?? 'unknown';
  }

  override open(_sessionId: string, trackSid: string): TrackInput {
    const written: number[] = [];
    this.samples.set(trackSid, written);
    return {
      write: (samples) => {
        for (const sample of samples) written.push(sample);
        this.#changes.changed();
      },
      setMuted: (muted) => {
        this.muted.push(muted);
        this.#changes.changed();
      },
      close: () => {
        this.closed.push(trackSid);
        this.#changes.changed();
      },
    };
  }

  async until(condition: () => boolean): Promise<void> {
    await this.#changes.until(condition);
  }
}

class OneToken extends EgressConnections {
  readonly log: string[] = [];

  override ticket(sessionId: string, target: string, token: string): EgressTicket | TokenFault {
    return token === 'good' ? { sessionId, target, attempt: 1 } : 'forged';
  }
  override socketOpened({ target }: EgressTicket): void {
    this.log.push(`opened ${target}`);
  }
  override socketClosed({ target }: EgressTicket, code: number): void {
    this.log.push(`closed ${target} ${code}`);
  }
}

/** The TCP connections of a server. */
class TcpConnections {
  #accepted = 0;
  #open = 0;
  readonly #changes = new Changes();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#accepted += 1;
      this.#open += 1;
      socket.once('close', () => {
        this.#open -= 1;
        this.#changes.changed();
      });
      this.#changes.changed();
    });
  }

  async accepted(count: number): Promise<void> {
    await this.#changes.until(() => this.#accepted >= count);
  }

  /** Resolves when so many have been accepted in all and none is open, with the number that the server still counts. */
  async allClosed(accepted: number): Promise<number> {
    await this.#changes.until(() => this.#accepted >= accepted && this.#open === 0);
    return new Promise((resolve) => this.server.getConnections((_, count) => resolve(count)));
  }
}

/** Both ways to read audio, between which nobody may notice a difference. */
export const UPGRADERS = ['the fast path', 'plain ws'] as const;

/** `ws` would give a peer 30 s to answer a close frame, and the gateway two. */
const CLOSE_TIMEOUT_MS = 50;
const RAW: ClientOptions = { headers: { 'Content-Type': 'audio/x-raw' } };

/** Ten milliseconds as Egress sends them, left and right equal. */
export const frameOf = (value: number): Buffer => {
  const frame = Buffer.alloc(1920);
  for (let at = 0; at < frame.length; at += 2) frame.writeInt16LE(value, at);
  return frame;
};

class AdapterWithLittlePatience extends EgressWsAdapter {
  protected override addWsServerToRegistry(server: { options: object }): void {
    Object.assign(server.options, { closeTimeout: CLOSE_TIMEOUT_MS });
    super.addWsServerToRegistry(server);
  }
}

/** The gateway behind its own HTTP server, for sockets that are real; the token is `good`, the session `live`. */
export class GatewayUnderTest {
  private constructor(
    readonly app: INestApplication,
    readonly sink: RecordingSink,
    readonly egresses: OneToken,
    /** Of the gateway and the limiter, whose periodic checks find only as much time to have passed as a test says. */
    readonly clock: ManualClock,
    /** Batches a connection from the first `readAll` after its first read on. */
    readonly batchedReader: BatchedReader,
    readonly tcp: TcpConnections,
    readonly port: number,
  ) {}

  static async start(upgrader: (typeof UPGRADERS)[number] = 'the fast path'): Promise<GatewayUnderTest> {
    const [sink, egresses, clock, batchedReader] = [
      new RecordingSink(),
      new OneToken(),
      new ManualClock(),
      new BatchedReader(1),
    ];
    sink.admissions.set('live', 'admitted').set('over', 'ended');
    const module = await Test.createTestingModule({
      providers: [
        AudioGateway,
        ConnectionLimiter,
        UpgradeGate,
        Metrics,
        SessionStates,
        { provide: SessionReports, useClass: SessionReportReader },
        { provide: EventBus, useValue: new EventBus(new EventEmitter2()) },
        { provide: EgressConnections, useValue: egresses },
        { provide: TrackAudioSink, useValue: sink },
        { provide: Clock, useValue: clock },
        {
          provide: AudioUpgrader,
          useValue: upgrader === 'plain ws' ? new PlainUpgrader() : new FastUpgrader(batchedReader),
        },
      ],
    }).compile();
    const app = module.createNestApplication();
    app.useLogger(false);
    app.useWebSocketAdapter(new AdapterWithLittlePatience(app));
    await app.listen(0, '127.0.0.1');
    const server = app.getHttpServer() as Server;
    const { port } = server.address() as AddressInfo;
    return new GatewayUnderTest(app, sink, egresses, clock, batchedReader, new TcpConnections(server), port);
  }

  dial(path: string, options: ClientOptions = RAW): WebSocket {
    return new WebSocket(`ws://127.0.0.1:${this.port}${path}`, options);
  }

  /** An open socket of that track. */
  async opened(track: string): Promise<WebSocket> {
    const socket = this.dial(`/egress/audio/live/${track}?token=good`);
    await once(socket, 'open');
    return socket;
  }

  /** The status with which a connection is refused. */
  async refusal(path: string, options?: ClientOptions): Promise<number> {
    const socket = this.dial(path, options);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    socket.terminate();
    return response.statusCode;
  }

  /** What the gateway and the limiter do every now and then, `ms` later. */
  checkAfter(ms: number): void {
    this.clock.advance(ms);
    this.app.get(AudioGateway).check();
    this.app.get(ConnectionLimiter).cutOverdue();
  }

  /** The samples that a track has sent. */
  samples(track: string): readonly number[] {
    return this.sink.samples.get(track) ?? [];
  }

  /** The value of a metric, such as `connections_cut_total{reason="slow"}`; 0 when there is none. */
  async metric(name: string): Promise<number> {
    const text = await this.app.get(Metrics).registry.metrics();
    const line = text.split('\n').find((each) => each.startsWith(`roomscribe_${name} `));
    return Number(line?.split(' ').at(-1) ?? 0);
  }

  async close(): Promise<void> {
    this.batchedReader.stop();
    await this.app.close();
  }
}

/** Code and reason with which a socket is closed. */
export const closeOf = async (socket: WebSocket): Promise<[number, string]> => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
};

/** The samples that are not this constant value, once the resampler has settled. */
export const unsettled = (samples: readonly number[], value: number): number[] =>
  samples.slice(200).filter((sample) => Math.abs(sample - value) > 8);
