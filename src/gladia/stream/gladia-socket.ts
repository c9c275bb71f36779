import { WebSocket, type RawData } from 'ws';
import type { ConnectionEnd } from './close-codes.js';
import { retryAfterMs } from '../api/gladia-error.js';
import { parseMessage, type GladiaMessage } from '../api/gladia-message.js';
import type { GladiaTimings } from '../api/gladia-settings.js';

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** How long the other side may take to answer a goodbye. */
const GOODBYE_MS = 1_000;

export interface GladiaSocketListener {
  opened(): void;
  message(message: GladiaMessage): void;
  /** Exactly once, unless `finish` or `detach` was called; nothing comes after it. */
  closed(end: ConnectionEnd): void;
}

/** One WebSocket to Gladia. Watches by ping and pong whether the other side is still there. */
export class GladiaSocket {
  readonly #ws: WebSocket;
  #listener: GladiaSocketListener | undefined;
  #upgradeStatus: number | undefined;
  #retryAfterMs = 0;
  #pongAwaited = false;
  #lastPing: Buffer | undefined;
  #pings: NodeJS.Timeout | undefined;

  constructor(url: string, timings: GladiaTimings, listener: GladiaSocketListener) {
    this.#listener = listener;
    this.#ws = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: timings.connectTimeoutMs,
      followRedirects: false,
      autoPong: false,
    });
    this.#ws.on('open', () => this.#opened(timings.pingEveryMs));
    this.#ws.on('message', (data, isBinary) =>
      this.#listener?.message(parseMessage(isBinary ? undefined : text(data))),
    );
    this.#ws.on('ping', (data) => this.#answer(data));
    this.#ws.on('pong', () => (this.#pongAwaited = false));
    this.#ws.on('unexpected-response', (_, response) => {
      this.#upgradeStatus = response.statusCode;
      this.#retryAfterMs = retryAfterMs(response.headers['retry-after']);
      response.destroy();
      this.#ws.terminate();
    });
    this.#ws.on('error', () => undefined); // `close` follows and tells all there is to know
    this.#ws.on('close', (code) => this.#closed(code));
  }

  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  /** Takes a copy: a client's frames are masked, and `ws` masks no array that is not its own. */
  sendSound(samples: Int16Array): void {
    this.#ws.send(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
  }

  sendStop(): void {
    this.#ws.send('{"type":"stop_recording"}');
  }

  /** An empty chunk: it keeps the session from being closed as idle, and adds no sound. */
  sendKeepAlive(): void {
    this.#ws.send('{"type":"audio_chunk","data":{"chunk":""}}');
  }

  /** Says goodbye and hears nothing more. Code 1000 ends the whole Gladia session, so it is for its end only. */
  finish(): void {
    this.#listener = undefined;
    this.#ws.close(1000);
    const leave = setTimeout(() => this.#ws.terminate(), GOODBYE_MS);
    this.#ws.on('close', () => clearTimeout(leave));
  }

  /** Drops the connection without a word; `closed` is told as of a lost one. */
  drop(): void {
    this.#ws.terminate();
  }

  /** Drops the connection and hears nothing of it any more. */
  detach(): void {
    this.#listener = undefined;
    clearInterval(this.#pings);
    this.#ws.terminate();
  }

  #opened(pingEveryMs: number): void {
    this.#pings = setInterval(() => this.#ping(), pingEveryMs);
    this.#listener?.opened();
  }

  #ping(): void {
    if (this.#pongAwaited) this.drop();
    else if (this.isOpen) this.#ws.ping();
    this.#pongAwaited = true;
  }

  /** Of pings that come together only the last is answered, as is allowed: `ws` hangs up on a server that sends many. */
  #answer(data: Buffer): void {
    const isAnswering = this.#lastPing !== undefined;
    this.#lastPing = data;
    if (isAnswering) return;
    setImmediate(() => {
      if (this.isOpen) this.#ws.pong(this.#lastPing);
      this.#lastPing = undefined;
    });
  }

  #closed(code: number): void {
    clearInterval(this.#pings);
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.closed({ code, upgradeStatus: this.#upgradeStatus, retryAfterMs: this.#retryAfterMs });
  }
}

function text(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
