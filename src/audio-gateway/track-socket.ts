import { isUtf8 } from 'node:buffer';
import type { AudioSocket } from '../../libs/ws-fast-path/audio-upgrader.js';
import { TokenBucket } from '../async/token-bucket.js';
import { samplesToMs } from '../media/audio-format.js';
import type { Clock } from '../media/clock.js';
import type { TrackStream } from './track-stream.js';

export interface TrackSocketOptions {
  readonly socket: AudioSocket;
  /** Takes its audio; closed with the socket. */
  readonly stream: TrackStream;
  readonly clock: Clock;
  /** Called once, with the WebSocket's close code. */
  readonly onClosed: (code: number) => void;
  /** Called when the peer sent what it must not, before its socket is closed. */
  readonly onProtocolViolation: (kind: string) => void;
  /** Called once, when the peer first sent more than is taken from it. Its socket stays open. */
  readonly onExcess: (kind: string) => void;
}

/** Somebody who pushes to talk makes a few in a second, again and again. */
const TEXTS_AT_ONCE = 20;
const TEXTS_PER_SECOND = 20;
const LONGEST_MUTE_MESSAGE_BYTES = 64;
const CLOSE_UNSUPPORTED = 1003;

/**
 * The WebSocket of one track, or of a pair of tracks. Frames go straight from the socket through the decoder into the mix,
 * without a promise, an event or a copy. A protocol violation closes this socket, with the reason, and no other; of mute
 * messages that come too fast, the last one holds.
 */
export class TrackSocket {
  readonly #options: TrackSocketOptions;
  readonly #texts: TokenBucket;
  #frames = 0;
  #samples = 0;
  #muted = false;
  #dismissed = false;
  /** The last of the mute messages that came too fast; it holds from the next frame on. */
  #skippedMute: boolean | undefined;
  #tooManyTexts = false;

  constructor(options: TrackSocketOptions) {
    this.#options = options;
    const { socket, clock } = options;
    this.#texts = new TokenBucket(TEXTS_AT_ONCE, TEXTS_PER_SECOND, clock.monotonicMs());
    socket.listen({ binary: (frame) => this.#onFrame(frame), text: (text) => this.#onText(text) });
    socket.client.on('error', (error: Error & { code?: string }) => this.#onError(error.code));
    socket.client.once('close', (code) => this.#onClose(code));
  }

  get frames(): number {
    return this.#frames;
  }

  /** How much audio has arrived. */
  get receivedMs(): number {
    return samplesToMs(this.#samples);
  }

  get muted(): boolean {
    return this.#muted;
  }

  /** Starts the closing handshake. */
  close(code: number, reason: string): void {
    this.#options.socket.client.close(code, reason);
  }

  /** Starts the closing handshake and takes nothing more from the peer. */
  dismiss(code: number, reason: string): void {
    this.#dismissed = true;
    this.close(code, reason);
  }

  /** Closes it for what the peer has sent. Idempotent. */
  reject(code: number, kind: string, reason: string): void {
    if (this.#dismissed) return;
    this.#options.onProtocolViolation(kind);
    this.dismiss(code, reason);
  }

  /** Ends the connection without a closing handshake, which a dead peer would not answer. */
  terminate(): void {
    this.#options.socket.client.terminate();
  }

  #onFrame(frame: Uint8Array): void {
    if (this.#dismissed) return;
    if (this.#skippedMute !== undefined) this.#setMuted(this.#skippedMute);
    this.#frames += 1;
    this.#samples += this.#options.stream.write(frame);
  }

  #onText(text: Buffer): void {
    if (this.#dismissed) return;
    const muted = parseMuteMessage(text);
    if (muted === undefined) {
      this.reject(CLOSE_UNSUPPORTED, 'text', 'the only text message is {"muted":true|false}');
    } else if (!this.#texts.take(this.#options.clock.monotonicMs())) {
      if (!this.#tooManyTexts) this.#options.onExcess('text-flood');
      this.#tooManyTexts = true;
      this.#skippedMute = muted;
    } else {
      this.#setMuted(muted);
    }
  }

  #setMuted(muted: boolean): void {
    this.#skippedMute = undefined;
    this.#muted = muted;
    this.#options.stream.setMuted(muted);
  }

  /** `ws` has closed the socket already. Its own errors are protocol violations, those of the network are not. */
  #onError(code = ''): void {
    if (code.startsWith('WS_ERR_')) this.#options.onProtocolViolation(code.toLowerCase());
  }

  #onClose(code: number): void {
    this.#options.stream.close();
    this.#options.onClosed(code);
  }
}

/** Reads Egress's only text message, `{"muted":true|false}`. Undefined for any other. @internal */
export function parseMuteMessage(text: Buffer): boolean | undefined {
  if (text.byteLength > LONGEST_MUTE_MESSAGE_BYTES || !isUtf8(text)) return undefined;
  try {
    const message: unknown = JSON.parse(text.toString('utf8'));
    const muted = typeof message === 'object' && message !== null && 'muted' in message ? message.muted : undefined;
    return typeof muted === 'boolean' ? muted : undefined;
  } catch {
    return undefined;
  }
}
