import type { RawData, WebSocket } from 'ws';
import { samplesToMs } from '../media/audio-format.js';
import { Allowance } from './allowance.js';
import type { FrameLane } from './frame-lane.js';
import { parseMuteMessage } from './mute-message.js';

export interface TrackSocketOptions {
  readonly socket: WebSocket;
  /** Where its frames go; closed with the socket. */
  readonly lane: FrameLane;
  /** Called once, with the WebSocket's close code. */
  readonly onClosed: (code: number) => void;
  /** Called when the peer sent nonsense, before its socket is closed. */
  readonly onNonsense: (kind: string) => void;
}

const TEXTS_AT_ONCE = 20;
const CLOSE_UNSUPPORTED = 1003;
const CLOSE_POLICY = 1008;

/**
 * One track's connection. Frames go straight from the socket through the decoder into the mix: no promise, no event,
 * no copy of our own. Nonsense closes this socket, with the reason, and no other.
 */
export class TrackSocket {
  readonly #options: TrackSocketOptions;
  readonly #texts = new Allowance(TEXTS_AT_ONCE, 1, performance.now());
  #frames = 0;
  #samples = 0;
  #muted = false;
  #dismissed = false;

  constructor(options: TrackSocketOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('message', (data, isBinary) => this.#onMessage(data, isBinary));
    socket.on('error', (error: Error & { code?: string }) => this.#onError(error.code));
    socket.once('close', (code) => this.#onClose(code));
  }

  get frames(): number {
    return this.#frames;
  }

  /** How much sound has come, in milliseconds. */
  get receivedMs(): number {
    return samplesToMs(this.#samples);
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Ends the connection from our side. */
  close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
  }

  /** Ends it from our side, and takes nothing more from it. */
  dismiss(code: number, reason: string): void {
    this.#dismissed = true;
    this.#options.socket.removeAllListeners('message');
    this.close(code, reason);
  }

  /** Ends it for what the peer has sent. Idempotent. */
  reject(code: number, kind: string, reason: string): void {
    if (this.#dismissed) return;
    this.#options.onNonsense(kind);
    this.dismiss(code, reason);
  }

  /** Ends it without a word, where nobody is there to hear one. */
  terminate(): void {
    this.#options.socket.terminate();
  }

  /** Takes a frame of sound, which is valid until this returns. */
  onFrame(frame: Uint8Array): void {
    if (this.#dismissed) return;
    this.#frames += 1;
    this.#samples += this.#options.lane.write(frame);
  }

  #onMessage(data: RawData, isBinary: boolean): void {
    if (isBinary) this.onFrame(data as Buffer);
    else this.#onText(data as Buffer);
  }

  #onText(text: Buffer): void {
    const muted = parseMuteMessage(text);
    if (muted === undefined) {
      this.reject(CLOSE_UNSUPPORTED, 'text', 'the only text message is {"muted":true|false}');
    } else if (!this.#texts.take(1, performance.now())) {
      this.reject(CLOSE_POLICY, 'text-flood', 'too many text messages');
    } else {
      this.#muted = muted;
      this.#options.lane.setMuted(muted);
    }
  }

  /** `ws` has closed the socket already; only what the peer did wrong is nonsense, a lost network is not. */
  #onError(code = ''): void {
    if (code.startsWith('WS_ERR_')) this.#options.onNonsense(code.toLowerCase());
  }

  #onClose(code: number): void {
    this.#options.lane.close();
    this.#options.onClosed(code);
  }
}
