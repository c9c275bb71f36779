import type { IncomingMessage } from 'node:http';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { Counter } from 'prom-client';
import type { WebSocket } from 'ws';
import type { AudioSocket } from '../../libs/ws-fast-path/audio-upgrader.js';
import { EgressConnections, type EgressTicket } from '../egress/egress-connections.port.js';
import { AudioStopped, TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { Clock } from '../media/clock.js';
import { TrackAudioSink, type MissingAudio } from '../media/track-audio-sink.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { SessionStates, type TrackConnection } from '../sessions/session-states.port.js';
import { ConnectionMonitor } from './connection-monitor.js';
import { EGRESS_AUDIO_PATH } from './egress-path.js';
import type { Flood } from './flood-detector.js';
import { TrackSocket } from './track-socket.js';
import { openTrackStream } from './track-stream.js';
import { UpgradeGate, type Admitted, type Refused } from './upgrade-gate.js';

const CHECK_EVERY_MS = 1_000;
const MAX_FRAME_BYTES = 64 * 1024;
const CLOSE_POLICY = 1008;
/** An application code of our own: a newer socket has opened for the same track. */
const CLOSE_REPLACED = 4409;
const TOO_FAST = 'audio comes faster than real time: send S16LE, 48 kHz, 2 channels';
const TOO_MUCH = 'more than any source of sound sends';
const WEBSOCKET = {
  path: EGRESS_AUDIO_PATH,
  maxPayload: MAX_FRAME_BYTES,
  perMessageDeflate: false,
  // Egress's library splits a message into pieces of 4 KiB at the least.
  maxFragments: 64,
  maxBufferedChunks: 1_024,
  // A text of bad UTF-8 is no mute message, and is answered like every other text that is none.
  skipUTF8Validation: true,
  closeTimeout: 2_000,
};

interface Connection {
  readonly ticket: EgressTicket;
  readonly monitor: ConnectionMonitor;
}

/** The WebSocket endpoint that Egress dials, with a connection for each track: PCM or Opus in, 16 kHz mono into the mix. */
@Injectable()
@WebSocketGateway(WEBSOCKET)
export class AudioGateway implements OnGatewayConnection<WebSocket>, OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(AudioGateway.name);
  readonly #admitted = new WeakMap<IncomingMessage, Admitted>();
  readonly #connections = new Map<TrackSocket, Connection>();
  readonly #violations: Counter<'kind'>;
  /** Of the connections that have closed. */
  #closedFrames = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly gate: UpgradeGate,
    private readonly egresses: EgressConnections,
    private readonly sink: TrackAudioSink,
    private readonly events: EventBus,
    private readonly reports: SessionReports,
    private readonly states: SessionStates,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.#violations = metrics.counter(
      'audio_protocol_violations_total',
      'audio sockets whose peer sent what it must not, or too much',
      ['kind'],
    );
    metrics.total('audio_frames_total', 'audio frames received', () => this.#frames);
    metrics.gauge('audio_sockets', 'open audio sockets', () => this.#connections.size);
  }

  onModuleInit(): void {
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#closeAll(sessionId);
    });
    this.reports.add((sessionId) => ({ tracks: this.#reportsOf(sessionId) }));
    this.states.provide({ connection: (sessionId, trackSid) => this.#connectionsOf(sessionId).get(trackSid) });
    this.#timer = setInterval(() => this.check(), CHECK_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Open connections. */
  get connected(): number {
    return this.#connections.size;
  }

  get #frames(): number {
    return [...this.#connections.keys()].reduce((sum, { frames }) => sum + frames, this.#closedFrames);
  }

  /** Called by the adapter for every upgrade. */
  admit(request: IncomingMessage): Admitted | Refused {
    const verdict = this.gate.decide(request);
    if (!('status' in verdict)) this.#admitted.set(request, verdict);
    return verdict;
  }

  /** Called by Nest right after the upgrade; listeners are attached before anything is awaited, so no frame is lost. */
  handleConnection(client: WebSocket, request: IncomingMessage, socket: AudioSocket): void {
    const admitted = this.#admitted.get(request);
    if (admitted === undefined) {
      client.terminate();
      return;
    }
    const { ticket, format } = admitted;
    this.#replace(ticket);
    const monitor = new ConnectionMonitor(format.codec, request.socket, this.clock.monotonicMs());
    const trackSocket = this.#open(socket, admitted, monitor);
    this.#connections.set(trackSocket, { ticket, monitor });
    const onPing = (): void => this.#rejectFlood(trackSocket, monitor.onPing(this.clock.monotonicMs()));
    client.on('ping', onPing).on('pong', onPing);
    this.egresses.socketOpened(ticket);
    this.#logger.log(`session ${ticket.sessionId} track ${ticket.target}: audio connected`);
  }

  /** Looks at all open connections; once a second. */
  check(): void {
    const nowMs = this.clock.monotonicMs();
    for (const [socket, { ticket, monitor }] of this.#connections) {
      const { halfOpen, flood, missing } = monitor.check(socket, nowMs);
      if (halfOpen) socket.terminate();
      this.#rejectFlood(socket, flood);
      if (missing !== undefined) this.#reportMissing(ticket, missing);
    }
  }

  #open(socket: AudioSocket, { ticket, trackSids, format }: Admitted, monitor: ConnectionMonitor): TrackSocket {
    const missing = (): MissingAudio | undefined => monitor.missingAudio(trackSocket, this.clock.monotonicMs());
    const stream = openTrackStream(trackSids, format, MAX_FRAME_BYTES, (trackSid) =>
      this.sink.open(ticket.sessionId, trackSid, missing),
    );
    const trackSocket: TrackSocket = new TrackSocket({
      socket,
      stream,
      clock: this.clock,
      onProtocolViolation: (kind) => this.#onProtocolViolation(ticket, kind),
      onExcess: (kind) => this.#onExcess(ticket, kind),
      onClosed: (code) => this.#onClosed(trackSocket, ticket, code),
    });
    return trackSocket;
  }

  #onProtocolViolation({ sessionId, target }: EgressTicket, kind: string): void {
    this.#violations.inc({ kind });
    this.#logger.warn(`session ${sessionId} track ${target}: closing the audio socket: ${kind}`);
  }

  #onExcess({ sessionId, target }: EgressTicket, kind: string): void {
    this.#violations.inc({ kind });
    this.#logger.warn(`session ${sessionId} track ${target}: ignoring what comes too fast: ${kind}`);
  }

  #onClosed(socket: TrackSocket, ticket: EgressTicket, code: number): void {
    this.#closedFrames += socket.frames;
    this.#end(socket);
    this.#connections.delete(socket);
    this.egresses.socketClosed(ticket, code);
    this.events.publish(new AudioStopped(ticket.sessionId));
    this.#logger.log(`session ${ticket.sessionId} track ${ticket.target}: audio disconnected with ${code}`);
  }

  /** The newest connection of a track wins: the one before it may be dead without having closed. */
  #replace({ sessionId, target }: EgressTicket): void {
    for (const [socket, { ticket: former }] of this.#connections) {
      if (former.sessionId !== sessionId || former.target !== target) continue;
      this.#end(socket);
      socket.dismiss(CLOSE_REPLACED, 'replaced');
    }
  }

  /** Nothing more is expected of it; audio that is missing by now is reported. Idempotent. */
  #end(socket: TrackSocket): void {
    const { ticket, monitor } = this.#connections.get(socket) ?? {};
    const missing = monitor?.end(socket, this.clock.monotonicMs());
    if (ticket !== undefined && missing !== undefined) this.#reportMissing(ticket, missing);
  }

  #reportMissing({ sessionId, target }: EgressTicket, missing: MissingAudio): void {
    for (const trackSid of target.split(',')) this.sink.reportMissing(sessionId, trackSid, missing);
  }

  #rejectFlood(socket: TrackSocket, flood: Flood | undefined): void {
    if (flood !== undefined) socket.reject(CLOSE_POLICY, flood, flood === 'too-fast' ? TOO_FAST : TOO_MUCH);
  }

  #closeAll(sessionId: string): void {
    for (const [socket, { ticket }] of this.#connections)
      if (ticket.sessionId === sessionId) socket.close(1000, 'session over');
  }

  #reportsOf(sessionId: string): Map<string, Record<string, unknown>> {
    const connections = [...this.#connectionsOf(sessionId)];
    return new Map(
      connections.map(([trackSid, { frames, muted, codec, bytesReceived }]) => [
        trackSid,
        { frames, mutedAtSource: muted, codec, bytesReceived },
      ]),
    );
  }

  /** By track SID. */
  #connectionsOf(sessionId: string): Map<string, TrackConnection> {
    const connections = new Map<string, TrackConnection>();
    for (const [{ frames, muted }, { ticket, monitor }] of this.#connections) {
      if (ticket.sessionId !== sessionId) continue;
      const { codec, bytesReceived } = monitor;
      for (const trackSid of ticket.target.split(','))
        connections.set(trackSid, { frames, muted, codec, bytesReceived });
    }
    return connections;
  }
}
