import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Test } from '@nestjs/testing';
import { WebSocket, type ClientOptions } from 'ws';
import { EgressConnections, type EgressTicket, type TokenFault } from '../egress/egress-connections.port.js';
import { EventBus } from '../events/event-bus.js';
import { TrackAudioSink, type TrackAdmission, type TrackInput } from '../media/track-audio-sink.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { AudioGateway } from './audio.gateway.js';
import { EgressWsAdapter } from './egress-ws.adapter.js';
import { FrontDoor } from './front-door.js';
import { ReadingRounds } from './reading-rounds.js';
import { UpgradeGate } from './upgrade-gate.js';

/** Remembers what was written, and lets a test wait for it. */
export class RecordingSink extends TrackAudioSink {
  readonly admissions = new Map<string, TrackAdmission>();
  readonly samples = new Map<string, number[]>();
  readonly muted: boolean[] = [];
  readonly closed: string[] = [];
  readonly #waiting: (() => void)[] = [];

  override reportMissing(): void {}

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
export const frameOf = (value: number): Buffer => {
  const frame = Buffer.alloc(1920);
  for (let at = 0; at < frame.length; at += 2) frame.writeInt16LE(value, at);
  return frame;
};

/** The gateway behind its own HTTP server, for sockets that are real; the token is `good`, the session `live`. */
export class GatewayUnderTest {
  private constructor(
    readonly app: INestApplication,
    readonly sink: RecordingSink,
    readonly connections: OneToken,
    /** Whoever brings sound joins the next one. */
    readonly rounds: ReadingRounds,
    readonly port: number,
  ) {}

  static async start(): Promise<GatewayUnderTest> {
    const [sink, connections, rounds] = [new RecordingSink(), new OneToken(), new ReadingRounds(1)];
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
        { provide: ReadingRounds, useValue: rounds },
      ],
    }).compile();
    const app = module.createNestApplication();
    app.useLogger(false);
    app.useWebSocketAdapter(new EgressWsAdapter(app));
    await app.listen(0, '127.0.0.1');
    const { port } = (app.getHttpServer() as Server).address() as AddressInfo;
    return new GatewayUnderTest(app, sink, connections, rounds, port);
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

  /** The samples that a track has brought. */
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
    await this.app.close();
  }
}

/** Code and reason with which a socket is closed. */
export const closeOf = async (socket: WebSocket): Promise<[number, string]> => {
  const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
  return [code, reason.toString()];
};
