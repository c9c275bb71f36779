import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { BatchedReader, BatchedSocket, ReadResult } from './batched-reader.js';
import { FrameBuffer } from './frame-buffer.js';
import { FrameReader } from './frame-reader.js';

/** Shared by all connections, one at a time: what is read is passed on before the next read. */
const READ_BUFFER = new FrameBuffer(64 * 1024);

/** What Node's sockets read from; not documented. */
interface Handle {
  useUserBuffer?: unknown;
  /** Negative where there is none. */
  readonly fd?: number;
}

/** The handle is taken from a socket when it closes; its descriptor may belong to another connection from then on. */
interface SocketWithHandle extends Socket {
  readonly _handle?: Handle | null;
}

/**
 * Takes over a connection after its HTTP upgrade and reads it into one static buffer instead of a new one for each read.
 * Unfragmented binary messages bypass Node's streams and the parser of `ws`, which gets all other frames and answers them.
 * While nothing but such messages arrives, and steadily, the connection is read in batches.
 */
export class DirectSocket implements BatchedSocket {
  #reader: FrameReader | undefined;
  /** The same connection, for `ws`. */
  readonly socket: Socket;
  readonly #fd: number;
  #bytesRead = 0;
  /** Reads by events since the last batched read or the last frame for `ws`. */
  #reads = 0;

  private constructor(
    accepted: Socket,
    private readonly handle: Handle,
    private readonly batchedReader: BatchedReader,
  ) {
    Object.assign(accepted, { _handle: null });
    this.#fd = handle.fd ?? -1;
    const onread = { buffer: READ_BUFFER.bytes, callback: (length: number) => this.#onRead(length) };
    const options = { handle, onread, allowHalfOpen: true };
    this.socket = new Socket(options);
    // The socket's own count lacks what was read in batches.
    Object.defineProperty(this.socket, 'bytesRead', { get: () => this.#bytesRead });
    // The HTTP server counts the connection until the socket that it accepted is destroyed.
    this.socket.once('close', () => accepted.destroy());
  }

  /** Undefined where a connection cannot be taken over: with TLS, or on a Node whose sockets are built differently. */
  static of(accepted: Duplex, batchedReader: BatchedReader): DirectSocket | undefined {
    if (!(accepted instanceof Socket) || accepted.constructor !== Socket) return undefined;
    const { _handle: handle } = accepted as SocketWithHandle;
    return typeof handle?.useUserBuffer === 'function' ? new DirectSocket(accepted, handle, batchedReader) : undefined;
  }

  /**
   * Begins to parse, first what arrived together with the handshake.
   * @param onBinary takes unfragmented binary messages, whose bytes are valid until it returns
   */
  start(onBinary: (payload: Buffer) => void, head: Buffer, maxPayloadBytes: number): void {
    this.#reader = new FrameReader({ binary: onBinary, other: (bytes) => this.#passToWs(bytes) }, maxPayloadBytes);
    for (let at = 0; at < head.length;) {
      const length = head.copy(READ_BUFFER.bytes, 0, at);
      this.#parse(length);
      at += length;
    }
  }

  startBatching(): void {
    this.socket.pause();
  }

  stopBatching(): void {
    this.#reads = 0;
    this.socket.resume();
  }

  /** The connection's end and its errors read as nothing here: the socket finds them when it is read by events again. */
  readAvailable(): ReadResult {
    const isOpen = (this.socket as SocketWithHandle)._handle === this.handle && this.#fd >= 0;
    const length = isOpen ? readNow(this.#fd) : 0;
    if (length === 0) return 'nothing';
    this.#parse(length);
    return length === READ_BUFFER.bytes.length ? 'more' : 'some';
  }

  #onRead(length: number): boolean {
    this.#reads += 1;
    this.batchedReader.onRead(this, this.#reads);
    this.#parse(length);
    return true;
  }

  #parse(length: number): void {
    this.#bytesRead += length;
    this.#reader?.read(READ_BUFFER, length);
  }

  /** Ends batching: `ws` may pause the socket, and must not be passed more while it has. */
  #passToWs(bytes: Buffer): void {
    this.batchedReader.remove(this);
    this.#reads = 0;
    this.socket.emit('data', bytes);
  }
}

/** Reads what has arrived into READ_BUFFER. Returns how many bytes; 0 also where the connection has ended or failed. */
function readNow(fd: number): number {
  try {
    return readSync(fd, READ_BUFFER.bytes, 0, READ_BUFFER.bytes.length, null);
  } catch {
    return 0;
  }
}
