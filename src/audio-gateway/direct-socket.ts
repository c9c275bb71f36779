import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FrameBuffer } from './frame-buffer.js';
import { FrameReader } from './frame-reader.js';

/** All connections are read into this, one at a time: what is read is handed on before the next read. */
const READ = new FrameBuffer(64 * 1024);

interface Handle {
  useUserBuffer?: unknown;
}

/**
 * A client's connection on a shorter way: its bytes are read into one buffer instead of a new one for each read, and the
 * frames that hold sound pass by the streams and the parser of `ws`, which gets all others and answers them.
 */
export class DirectSocket {
  #reader: FrameReader | undefined;
  /** The same connection, for `ws`. */
  readonly socket: Socket;

  private constructor(accepted: Socket, handle: Handle) {
    Object.assign(accepted, { _handle: null });
    const onread = { buffer: READ.bytes, callback: (length: number) => this.#read(length) };
    const options = { handle, onread, allowHalfOpen: true };
    this.socket = new Socket(options);
    // Only now does the server count one connection less.
    this.socket.once('close', () => accepted.destroy());
  }

  /** Undefined where that way does not exist: for TLS, or a Node whose sockets are made otherwise. */
  static of(accepted: Duplex): DirectSocket | undefined {
    if (!(accepted instanceof Socket) || accepted.constructor !== Socket) return undefined;
    const { _handle: handle } = accepted as Socket & { _handle?: Handle | null };
    return typeof handle?.useUserBuffer === 'function' ? new DirectSocket(accepted, handle) : undefined;
  }

  /**
   * Goes on with what came behind the handshake.
   * @param binary takes whole binary messages of one frame, whose bytes are valid until it returns
   */
  begin(binary: (payload: Buffer) => void, head: Buffer, maxPayloadBytes: number): void {
    const { socket } = this;
    this.#reader = new FrameReader({ binary, other: (bytes) => socket.emit('data', bytes) }, maxPayloadBytes);
    for (let at = 0; at < head.length;) {
      const length = head.copy(READ.bytes, 0, at);
      this.#read(length);
      at += length;
    }
  }

  #read(length: number): boolean {
    this.#reader?.read(READ, length);
    return true;
  }
}
