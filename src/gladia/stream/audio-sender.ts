import type { AudioCursor } from '../../audio-log/audio-cursor.js';
import { FRAME_SAMPLES } from '../../media/audio-format.js';
import { Acknowledgments } from '../resume/acknowledgments.js';
import type { ConnectionTimeline } from '../resume/connection-timeline.js';
import type { EngineClock } from '../resume/engine-clock.js';
import { Pacer } from './pacer.js';

/** Above this the socket is full: audio waits in the log instead. */
const MAX_BUFFERED_BYTES = 512 * 1024;

interface AudioSocket {
  readonly bufferedBytes: number;
  sendAudio(samples: Int16Array): void;
}

interface AudioSenderOptions {
  readonly cursor: AudioCursor;
  readonly clock: EngineClock;
  readonly chunkSamples: number;
  readonly nowMs: number;
  /** Samples that the connection before this one left unacknowledged. */
  readonly outstandingBefore?: number;
}

/** Sends the log over one connection, tracks what is acknowledged, and reports to the clock what was sent. */
export class AudioSender {
  readonly acknowledgments: Acknowledgments;
  readonly #pacer: Pacer;
  #timeline: ConnectionTimeline | undefined;
  #chunks = 0;

  constructor(private readonly options: AudioSenderOptions) {
    const { cursor, nowMs, outstandingBefore } = options;
    this.acknowledgments = new Acknowledgments(cursor.channels, outstandingBefore);
    this.#pacer = new Pacer(nowMs);
  }

  /** How many chunks were sent. */
  get chunks(): number {
    return this.#chunks;
  }

  /** Sends what is available before `limit`, at the pace that is allowed. Less than a chunk is sent only at the `limit`. */
  pump(socket: AudioSocket, limit: number, nowMs: number): void {
    const { cursor, chunkSamples } = this.options;
    const available = cursor.available(limit);
    if (available < chunkSamples && limit === Infinity) return;
    const isLast = cursor.position + available === limit;
    const allowed = Math.min(available, this.#pacer.allowance(nowMs));
    const samples = isLast && allowed === available ? available : this.#chunkOf(available, wholeFrames(allowed));
    if (samples <= 0 || (samples < chunkSamples && !isLast)) return;
    if (socket.bufferedBytes > MAX_BUFFERED_BYTES) return;
    this.#send(socket, samples);
  }

  /**
   * Takes a byte range of the server.
   * @returns how many bytes are new
   */
  acknowledge(startByte: number, endByte: number): number {
    const bytes = this.acknowledgments.acknowledge(startByte, endByte);
    const { serverOffset, acknowledgedSamples } = this.acknowledgments;
    if (serverOffset !== undefined) this.#timeline?.acknowledged(serverOffset, acknowledgedSamples);
    return bytes;
  }

  /** As much as is allowed, but leaves no rest that would be too short for a chunk. */
  #chunkOf(available: number, allowed: number): number {
    const { chunkSamples } = this.options;
    const left = available - allowed;
    return left > 0 && left < chunkSamples ? allowed - chunkSamples : allowed;
  }

  #send(socket: AudioSocket, samples: number): void {
    const { cursor, clock } = this.options;
    const { position } = cursor;
    socket.sendAudio(cursor.read(samples));
    this.acknowledgments.sent(position, samples);
    this.#timeline ??= clock.addConnection();
    this.#timeline.sent(position, samples);
    this.#pacer.spend(samples);
    this.#chunks += 1;
  }
}

function wholeFrames(samples: number): number {
  return samples - (samples % FRAME_SAMPLES);
}
