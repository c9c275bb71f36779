import { FRAME_SAMPLES } from '../../media/audio-format.js';
import { Acknowledgments } from '../resume/acknowledgments.js';
import type { AudioCursor } from '../../audio-log/audio-cursor.js';
import { Pacer } from './pacer.js';
import type { SocketTimeline } from '../resume/socket-timeline.js';
import type { TimeMap } from '../resume/time-map.js';

/** Above this the socket is full: sound waits in the log instead. */
const MOST_BUFFERED_BYTES = 512 * 1024;

export interface AudioSocket {
  readonly bufferedBytes: number;
  sendAudio(samples: Int16Array): void;
}

/** Sends the log over one socket, keeps account of what arrived, and tells the time map what the server got. */
export class AudioSender {
  readonly acknowledgments: Acknowledgments;
  readonly #pacer: Pacer;
  #sentTimes: SocketTimeline | undefined;
  #chunks = 0;

  constructor(
    private readonly cursor: AudioCursor,
    private readonly times: TimeMap,
    private readonly chunkSamples: number,
    nowMs: number,
    /** What the socket before left unacknowledged. */
    outstandingBefore = 0,
  ) {
    this.acknowledgments = new Acknowledgments(cursor.channels, outstandingBefore);
    this.#pacer = new Pacer(nowMs);
  }

  get chunks(): number {
    return this.#chunks;
  }

  /** Sends what there is before `limit`, as fast as is allowed. A remainder goes out only when `limit` ends it. */
  pump(socket: AudioSocket, limit: number, nowMs: number): void {
    const available = this.cursor.available(limit);
    if (available < this.chunkSamples && limit === Infinity) return;
    const isLast = this.cursor.position + available === limit;
    const allowed = Math.min(available, this.#pacer.allowance(nowMs));
    const samples = isLast && allowed === available ? available : this.#piece(available, wholeFrames(allowed));
    if (samples <= 0 || (samples < this.chunkSamples && !isLast)) return;
    if (socket.bufferedBytes > MOST_BUFFERED_BYTES) return;
    this.#send(socket, samples);
  }

  /** Takes a byte range from the server. Returns how many bytes are new. */
  acknowledge(startByte: number, endByte: number): number {
    const bytes = this.acknowledgments.acknowledge(startByte, endByte);
    const { serverOffset, acknowledgedSamples } = this.acknowledgments;
    if (serverOffset !== undefined) this.#sentTimes?.acknowledged(serverOffset, acknowledgedSamples);
    return bytes;
  }

  /** As much as is allowed, but not so much that what is left is too little to be sent. */
  #piece(available: number, allowed: number): number {
    const left = available - allowed;
    return left > 0 && left < this.chunkSamples ? allowed - this.chunkSamples : allowed;
  }

  #send(socket: AudioSocket, samples: number): void {
    const position = this.cursor.position;
    socket.sendAudio(this.cursor.take(samples));
    this.acknowledgments.sent(position, samples);
    this.#sentTimes ??= this.times.begin();
    this.#sentTimes.sent(position, samples);
    this.#pacer.spend(samples);
    this.#chunks += 1;
  }
}

function wholeFrames(samples: number): number {
  return samples - (samples % FRAME_SAMPLES);
}
