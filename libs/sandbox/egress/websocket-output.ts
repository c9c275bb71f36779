import { WebSocket } from 'ws';
import { FRAME_MS } from './track-audio.js';

const HEADERS = { 'User-Agent': 'Go-http-client/1.1', 'Content-Type': 'audio/x-raw' };
/** Sends that the kernel has not taken yet; more than that waits in the backlog. */
const MAX_IN_FLIGHT = 8;
const CLOSE_WITHIN_MS = 5_000;

export interface OutputSettings {
  readonly pingIntervalMs: number;
  /**
   * How much audio waits here for a receiver that does not read; then the oldest is lost. The kernel's buffers come
   * first: over loopback they hold some 20 s, as they do for the real Egress.
   */
  readonly backlogMs: number;
}

/** The one WebSocket of an egress: dialled once, written to in order, never redialled. */
export class WebSocketOutput {
  /** Called once when the other side ends it first, with the error that Egress reports. */
  onLost: (error: string) => void = () => undefined;
  readonly #backlog: (Buffer | string)[] = [];
  readonly #maxBacklog: number;
  readonly #ping: NodeJS.Timeout;
  #inFlight = 0;
  #droppedFrames = 0;
  #finishing = false;
  #vanished = false;

  private constructor(
    private readonly socket: WebSocket,
    private readonly route: string,
    settings: OutputSettings,
  ) {
    this.#maxBacklog = settings.backlogMs / FRAME_MS;
    this.#ping = setInterval(() => socket.ping('ping'), settings.pingIntervalMs);
    socket.on('close', (code) => this.#onClose(code));
  }

  /** Rejects when the receiver refuses, redirects or is not there. */
  static dial(url: string, settings: OutputSettings): Promise<WebSocketOutput> {
    const socket = new WebSocket(url, { headers: HEADERS, perMessageDeflate: false, followRedirects: false });
    return new Promise((resolve, reject) => {
      let route = '';
      socket.on('upgrade', ({ socket: { localAddress, localPort, remoteAddress, remotePort } }) => {
        route = `${localAddress}:${localPort}->${remoteAddress}:${remotePort}`;
      });
      socket.on('open', () => resolve(new WebSocketOutput(socket, route, settings)));
      socket.on('error', (error) => reject(dialError(error)));
    });
  }

  /** Frames that were lost because the receiver did not read. */
  get droppedFrames(): number {
    return this.#droppedFrames;
  }

  send(message: Buffer | string): void {
    if (this.#vanished) return;
    this.#backlog.push(message);
    if (this.#backlog.length > this.#maxBacklog) {
      this.#backlog.shift();
      this.#droppedFrames++;
    }
    this.#pump();
  }

  /** Sends what waits, then a close frame without a code. Resolves when the socket is closed. */
  finish(): Promise<void> {
    this.#finishing = true;
    clearInterval(this.#ping);
    if (this.#vanished) this.#dropUnnoticed();
    if (this.socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    const killed = setTimeout(() => this.socket.terminate(), CLOSE_WITHIN_MS);
    return new Promise((resolve) => {
      this.socket.once('close', () => {
        clearTimeout(killed);
        resolve();
      });
      this.#pump();
    });
  }

  /** The network between both sides is gone: nothing is sent any more, nothing answered, and nobody hangs up. */
  vanish(): void {
    this.#vanished = true;
    this.#backlog.length = 0;
    clearInterval(this.#ping);
    this.socket.pause();
  }

  /** Drops the connection, as a worker does that dies. */
  terminate(): void {
    this.#finishing = true;
    this.socket.terminate();
  }

  #dropUnnoticed(): void {
    this.socket.resume();
    this.socket.terminate();
  }

  #pump(): void {
    while (this.#inFlight < MAX_IN_FLIGHT && this.socket.readyState === WebSocket.OPEN) {
      const message = this.#backlog.shift();
      if (message === undefined) break;
      this.#inFlight++;
      this.socket.send(message, this.#onWritten);
    }
    if (this.#finishing && this.#backlog.length === 0 && this.#inFlight === 0) this.socket.close();
  }

  readonly #onWritten = (): void => {
    this.#inFlight--;
    this.#pump();
  };

  #onClose(code: number): void {
    clearInterval(this.#ping);
    if (this.#finishing) return;
    this.#finishing = true;
    this.onLost(code === 1006 ? `write tcp ${this.route}: write: broken pipe` : 'websocket: close sent');
  }
}

function dialError(error: Error): Error {
  return /Unexpected server response/.test(error.message) ? new Error('websocket: bad handshake') : error;
}
