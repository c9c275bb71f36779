import type { IncomingMessage } from 'node:http';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { WebSocketGateway, type OnGatewayConnection } from '@nestjs/websockets';
import type { WebSocket } from 'ws';
import { createOpusDecoder } from '../../libs/audio/opus.js';
import { createPcmDecoder } from '../../libs/audio/pcm-decoder.js';
import { StereoSplitter } from '../../libs/audio/stereo-splitter.js';
import { EgressConnections, type EgressTicket } from '../egress/egress-connections.port.js';
import { AudioStopped, TranscriptionStatusChanged } from '../events/domain-events.js';
import { EventBus } from '../events/event-bus.js';
import { TrackAudioSink, type MissingAudioQuery, type MissingAudio } from '../media/track-audio-sink.js';
import { Metrics } from '../metrics/metrics.js';
import { SessionReports } from '../sessions/session-reports.port.js';
import { EGRESS_AUDIO_PATH } from './egress-path.js';
import type { Flood } from './flood-watch.js';
import { TrackLane, type FrameDecoder, type FrameLane } from './frame-lane.js';
import { GatewayMetrics } from './gateway-metrics.js';
import { PairLane } from './pair-lane.js';
import type { SourceFormat } from './source-format.js';
import { TrackSocket } from './track-socket.js';
import { UpgradeGate, type Admitted, type Refused } from './upgrade-gate.js';
import { Wire } from './wire.js';

const WATCH_EVERY_MS = 1_000;
export const MAX_FRAME_BYTES = 64 * 1024;
const CLOSE_POLICY = 1008;
const TOO_FAST = 'audio comes faster than real time: send S16LE, 48 kHz, 2 channels';
const TOO_MUCH = 'more than any source of sound sends';
/** Of an application's own: a newer socket has come for the same track. */
const CLOSE_REPLACED = 4409;
const WEBSOCKET = {
  path: EGRESS_AUDIO_PATH,
  maxPayload: MAX_FRAME_BYTES,
  perMessageDeflate: false,
  // Egress's library cuts a message into pieces of 4 KiB at the least.
  maxFragments: 64,
  maxBufferedChunks: 1_024,
  // Bad UTF-8 is no mute message, and is answered as every other text that is none.
  skipUTF8Validation: true,
  closeTimeout: 2_000,
};

/** The WebSocket that Egress dials: one connection a track, PCM or Opus in, 16 kHz mono into the mix. */
@Injectable()
@WebSocketGateway(WEBSOCKET)
export class AudioGateway implements OnGatewayConnection<WebSocket>, OnModuleInit, OnApplicationShutdown {
  readonly #logger = new Logger(AudioGateway.name);
  readonly #admitted = new WeakMap<IncomingMessage, Admitted>();
  readonly #sockets = new Map<TrackSocket, { readonly ticket: EgressTicket; readonly wire: Wire }>();
  readonly #ofClient = new WeakMap<WebSocket, TrackSocket>();
  readonly #metrics: GatewayMetrics;
  #watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly gate: UpgradeGate,
    private readonly connections: EgressConnections,
    private readonly sink: TrackAudioSink,
    private readonly events: EventBus,
    private readonly reports: SessionReports,
    metrics: Metrics,
  ) {
    this.#metrics = new GatewayMetrics(metrics, () => this.#sockets.size);
  }

  onModuleInit(): void {
    this.events.on(TranscriptionStatusChanged, ({ sessionId, status }) => {
      if (status === 'ended') this.#closeAll(sessionId);
    });
    this.reports.add((sessionId) => ({ tracks: new Map(this.#reportsOf(sessionId)) }));
    this.#watch = setInterval(() => this.#inspect(), WATCH_EVERY_MS);
  }

  onApplicationShutdown(): void {
    clearInterval(this.#watch);
  }

  /** Open connections. */
  get connected(): number {
    return this.#sockets.size;
  }

  /** Asked by the adapter about every upgrade. */
  admit(request: IncomingMessage): Admitted | Refused {
    const verdict = this.gate.decide(request);
    if (!('status' in verdict)) this.#admitted.set(request, verdict);
    return verdict;
  }

  /** Called by Nest right after the upgrade; listeners are attached before anything is awaited, so no frame is lost. */
  handleConnection(client: WebSocket, request: IncomingMessage): void {
    const admitted = this.#admitted.get(request);
    if (admitted === undefined) {
      client.terminate();
      return;
    }
    const { ticket } = admitted;
    this.#replace(ticket);
    const lack = (): MissingAudio | undefined => wire.lack(socket, performance.now());
    const socket: TrackSocket = new TrackSocket({
      socket: client,
      lane: this.#laneOf(admitted, lack),
      onNonsense: (kind) => this.#onNonsense(ticket, kind),
      onClosed: (code) => this.#onClosed(socket, ticket, code),
    });
    const wire = new Wire(admitted.format.codec, request.socket, performance.now());
    this.#sockets.set(socket, { ticket, wire });
    this.#ofClient.set(client, socket);
    const onPing = (): void => this.#rejectFlood(socket, wire.onPing(performance.now()));
    client.on('ping', onPing).on('pong', onPing);
    this.connections.opened(ticket);
    this.#logger.log(`session ${ticket.sessionId} track ${ticket.target}: audio connected`);
  }

  /** What takes the sound of a client that is connected, by whichever way its frames are read. */
  soundOf(client: WebSocket): (frame: Uint8Array) => void {
    const socket = this.#ofClient.get(client);
    return (frame) => socket?.onFrame(frame);
  }

  #onNonsense({ sessionId, target }: EgressTicket, kind: string): void {
    this.#metrics.nonsense(kind);
    this.#logger.warn(`session ${sessionId} track ${target}: closing the audio socket: ${kind}`);
  }

  #onClosed(socket: TrackSocket, ticket: EgressTicket, code: number): void {
    this.#metrics.frames(socket.frames);
    this.#over(socket);
    this.#sockets.delete(socket);
    this.connections.closed(ticket, code);
    this.events.publish(new AudioStopped(ticket.sessionId));
    this.#logger.log(`session ${ticket.sessionId} track ${ticket.target}: audio disconnected with ${code}`);
  }

  /** The last one wins: the one before it may have died without a word. */
  #replace({ sessionId, target }: EgressTicket): void {
    for (const [socket, { ticket: former }] of this.#sockets) {
      if (former.sessionId !== sessionId || former.target !== target) continue;
      this.#over(socket);
      socket.dismiss(CLOSE_REPLACED, 'replaced');
    }
  }

  /** Nothing more is taken from it; what it lacks by now is told. Idempotent. */
  #over(socket: TrackSocket): void {
    const { ticket, wire } = this.#sockets.get(socket) ?? {};
    const missing = wire?.end(socket, performance.now());
    if (ticket !== undefined && missing !== undefined) this.#tellMissing(ticket, missing);
  }

  #inspect(): void {
    const nowMs = performance.now();
    for (const [socket, { ticket, wire }] of this.#sockets) {
      const { halfOpen, flood, missing } = wire.look(socket, nowMs);
      if (halfOpen) socket.terminate();
      this.#rejectFlood(socket, flood);
      if (missing !== undefined) this.#tellMissing(ticket, missing);
    }
  }

  #tellMissing({ sessionId, target }: EgressTicket, missing: MissingAudio): void {
    for (const trackSid of target.split(',')) this.sink.reportMissing(sessionId, trackSid, missing);
  }

  #rejectFlood(socket: TrackSocket, flood: Flood | undefined): void {
    if (flood !== undefined) socket.reject(CLOSE_POLICY, flood, flood === 'too-fast' ? TOO_FAST : TOO_MUCH);
  }

  #closeAll(sessionId: string): void {
    for (const [socket, { ticket }] of this.#sockets)
      if (ticket.sessionId === sessionId) socket.close(1000, 'session over');
  }

  #laneOf(
    { ticket: { sessionId }, trackSids: [first = '', second], format }: Admitted,
    lack: MissingAudioQuery,
  ): FrameLane {
    if (second === undefined) return new TrackLane(decoderOf(format), this.sink.open(sessionId, first, lack));
    const lane = (trackSid: string): FrameLane =>
      new TrackLane(createPcmDecoder({ rateHz: 48_000, channels: 1 }), this.sink.open(sessionId, trackSid, lack));
    return new PairLane(new StereoSplitter(MAX_FRAME_BYTES), lane(first), lane(second));
  }

  *#reportsOf(sessionId: string): Generator<[string, Record<string, unknown>]> {
    for (const [socket, { ticket, wire }] of this.#sockets) {
      if (ticket.sessionId !== sessionId) continue;
      const { codec, bytesReceived } = wire;
      const report = { frames: socket.frames, mutedAtSource: socket.muted, codec, bytesReceived };
      for (const trackSid of ticket.target.split(',')) yield [trackSid, report];
    }
  }
}

function decoderOf(format: SourceFormat): FrameDecoder {
  return format.codec === 'pcm' ? createPcmDecoder(format) : createOpusDecoder();
}
