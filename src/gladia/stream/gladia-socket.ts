import { WebSocket, type RawData } from 'ws';
import type { ConnectionEnd } from './close-codes.js';
import { retryAfterMs } from '../../async/retry-after.js';
import { parseMessage, type GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** How long the server may take to answer a close frame. */
const CLOSE_TIMEOUT_MS = 1_000;

export interface GladiaSocketListener {
  opened(): void;
  message(message: GladiaMessage): void;
  /** Called once, and last, unless `finish` or `detach` was called. */
  closed(end: ConnectionEnd): void;
}

/** One WebSocket to Gladia. Checks with ping and pong whether the server is still there. */
export class GladiaSocket {
  readonly #ws: WebSocket;
  #listener: GladiaSocketListener | undefined;
  #upgradeStatus: number | undefined;
  #retryAfterMs = 0;
  #error: Error | undefined;
  #pongAwaited = false;
  #lastPing: Buffer | undefined;
  readonly #connectTimeout: NodeJS.Timeout;
  #pings: NodeJS.Timeout | undefined;

  constructor(url: string, timings: GladiaTimings, listener: GladiaSocketListener) {
    this.#listener = listener;
    this.#ws = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      followRedirects: false,
      autoPong: false,
    });
    this.#connectTimeout = setTimeout(() => this.#ws.terminate(), timings.connectTimeoutMs);
    this.#ws.on('open', () => this.#opened(timings.pingEveryMs));
    this.#ws.on('message', (data, isBinary) =>
      this.#listener?.message(parseMessage(isBinary ? undefined : text(data))),
    );
    this.#ws.on('ping', (data) => this.#pong(data));
    this.#ws.on('pong', () => (this.#pongAwaited = false));
    this.#ws.on('unexpected-response', (_, response) => {
      this.#upgradeStatus = response.statusCode;
      this.#retryAfterMs = retryAfterMs(response.headers['retry-after']);
      response.destroy();
      this.#ws.terminate();
    });
    this.#ws.on('error', (error) => (this.#error = error)); // `close` follows
    this.#ws.on('close', (code) => this.#closed(code));
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  /** The samples are copied: a client's frames are masked, and `ws` masks only a copy of what is not its own. */
  sendAudio(samples: Int16Array): void {
    this.#ws.send(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  }

  sendStop(): void {
    this.#ws.send('{"type":"stop_recording"}');
  }

  /** An empty chunk: it keeps Gladia from closing the session as idle, and adds no audio. */
  sendKeepAlive(): void {
    this.#ws.send('{"type":"audio_chunk","data":{"chunk":""}}');
  }

  /** Closes with code 1000, which ends the whole Gladia session, and receives nothing more. */
  finish(): void {
    this.#listener = undefined;
    this.#ws.close(1000);
    const timeout = setTimeout(() => this.#ws.terminate(), CLOSE_TIMEOUT_MS);
    this.#ws.on('close', () => clearTimeout(timeout));
  }

  /** Terminates the connection; `closed` is called as for a lost one. */
  drop(): void {
    this.#ws.terminate();
  }

  /** Terminates the connection and calls nothing any more. */
  detach(): void {
    this.#listener = undefined;
    this.#clearTimers();
    this.#ws.terminate();
  }

  #opened(pingEveryMs: number): void {
    clearTimeout(this.#connectTimeout);
    this.#pings = setInterval(() => this.#ping(), pingEveryMs);
    this.#listener?.opened();
  }

  #ping(): void {
    if (this.#pongAwaited) this.drop();
    else if (this.isOpen) this.#ws.ping();
    this.#pongAwaited = true;
  }

  /** Answers only the last of several pings, as the protocol allows: `ws` closes the connection to a server that sends many. */
  #pong(data: Buffer): void {
    const isScheduled = this.#lastPing !== undefined;
    this.#lastPing = data;
    if (isScheduled) return;
    setImmediate(() => {
      if (this.isOpen) this.#ws.pong(this.#lastPing);
      this.#lastPing = undefined;
    });
  }

  #clearTimers(): void {
    clearTimeout(this.#connectTimeout);
    clearInterval(this.#pings);
  }

  #closed(code: number): void {
    this.#clearTimers();
    const listener = this.#listener;
    this.#listener = undefined;
    const [upgradeStatus, retryAfterMs, error] = [this.#upgradeStatus, this.#retryAfterMs, this.#error];
    listener?.closed({ code, upgradeStatus, retryAfterMs, error });
  }
}

function text(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
