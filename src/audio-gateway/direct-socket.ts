import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FrameBuffer } from './frame-buffer.js';
import { FrameReader } from './frame-reader.js';
import { ReadingRounds, type Fetched, type SteadySocket } from './reading-rounds.js';

/** All connections are read into this, one at a time: what is read is handed on before the next read. */
const READ = new FrameBuffer(64 * 1024);

interface Handle {
  useUserBuffer?: unknown;
  /** Negative where there is none. */
  readonly fd?: number;
}

/** Its handle is taken from a socket in the moment in which it is closed, and its number may then be another's. */
interface HandledSocket extends Socket {
  readonly _handle?: Handle | null;
}

/**
 * A client's connection on a shorter way: its bytes are read into one buffer instead of a new one for each read, and the
 * frames that hold sound pass by the streams and the parser of `ws`, which gets all others and answers them. While nothing
 * but sound comes, and steadily, it is read in rounds.
 */
export class DirectSocket implements SteadySocket {
  #reader: FrameReader | undefined;
  /** The same connection, for `ws`. */
  readonly socket: Socket;
  readonly #fd: number;
  #bytesRead = 0;
  /** Since it is read when something comes, and since it has brought anything but sound. */
  #reads = 0;

  private constructor(
    accepted: Socket,
    private readonly handle: Handle,
    private readonly rounds: ReadingRounds,
  ) {
    Object.assign(accepted, { _handle: null });
    this.#fd = handle.fd ?? -1;
    const onread = { buffer: READ.bytes, callback: (length: number) => this.#onRead(length) };
    const options = { handle, onread, allowHalfOpen: true };
    this.socket = new Socket(options);
    // The socket itself counts what it has read, and not what was fetched.
    Object.defineProperty(this.socket, 'bytesRead', { get: () => this.#bytesRead });
    // Only now does the server count one connection less.
    this.socket.once('close', () => accepted.destroy());
  }

  /** Undefined where that way does not exist: for TLS, or a Node whose sockets are made otherwise. */
  static of(accepted: Duplex, rounds = new ReadingRounds()): DirectSocket | undefined {
    if (!(accepted instanceof Socket) || accepted.constructor !== Socket) return undefined;
    const { _handle: handle } = accepted as HandledSocket;
    return typeof handle?.useUserBuffer === 'function' ? new DirectSocket(accepted, handle, rounds) : undefined;
  }

  /**
   * Goes on with what came behind the handshake.
   * @param binary takes whole binary messages of one frame, whose bytes are valid until it returns
   */
  begin(binary: (payload: Buffer) => void, head: Buffer, maxPayloadBytes: number): void {
    this.#reader = new FrameReader({ binary, other: (bytes) => this.#passOn(bytes) }, maxPayloadBytes);
    for (let at = 0; at < head.length;) {
      const length = head.copy(READ.bytes, 0, at);
      this.#read(length);
      at += length;
    }
  }

  enterRounds(): void {
    this.socket.pause();
  }

  leaveRounds(): void {
    this.#reads = 0;
    this.socket.resume();
  }

  /** Its end, and whatever is wrong with it, is left to the socket, which finds the same. */
  fetch(): Fetched {
    const isOpen = (this.socket as HandledSocket)._handle === this.handle && this.#fd >= 0;
    const length = isOpen ? read(this.#fd) : 0;
    if (length === 0) return 'nothing';
    this.#read(length);
    return length === READ.bytes.length ? 'more' : 'some';
  }

  #onRead(length: number): boolean {
    this.#reads += 1;
    this.rounds.offer(this, this.#reads);
    this.#read(length);
    return true;
  }

  #read(length: number): void {
    this.#bytesRead += length;
    this.#reader?.read(READ, length);
  }

  /** `ws` may ask the socket to wait, so that this one is not read behind its back. */
  #passOn(bytes: Buffer): void {
    this.rounds.withdraw(this);
    this.#reads = 0;
    this.socket.emit('data', bytes);
  }
}

/** What is there already, into READ; returns how many bytes, 0 also where the connection has ended, in whatever way. */
function read(fd: number): number {
  try {
    return readSync(fd, READ.bytes, 0, READ.bytes.length, null);
  } catch {
    return 0;
  }
}
