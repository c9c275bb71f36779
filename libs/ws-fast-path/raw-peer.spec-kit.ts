import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface FrameForm {
  readonly final?: boolean;
  readonly masked?: boolean;
  /** The three reserved bits, at their place in the first byte. */
  readonly reserved?: number;
  /** What the header says, where that is not the payload's length. */
  readonly length?: number;
  /** In how many extra bytes the header says it; the fewest that will do, unless it is asked for more. */
  readonly lengthBytes?: 0 | 2 | 8;
}

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const PING = 9;

const MASK_KEY = Buffer.from([0x1b, 0xf3, 0x42, 0x99]);

/** A WebSocket frame, well formed unless asked for otherwise. */
export function frame(opcode: number, payload: Uint8Array = Buffer.alloc(0), form: FrameForm = {}): Buffer {
  const { final = true, masked = true, reserved = 0, length = payload.length } = form;
  const { lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8 } = form;
  const first = (final ? 0x80 : 0) | reserved | opcode;
  const mask = masked ? 0x80 : 0;
  const extended = Buffer.alloc(lengthBytes);
  if (lengthBytes === 2) extended.writeUInt16BE(length);
  if (lengthBytes === 8) extended.writeBigUInt64BE(BigInt(length));
  const short = lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127;
  const key = masked ? MASK_KEY : Buffer.alloc(0);
  const body = masked ? payload.map((byte, n) => byte ^ MASK_KEY[n % 4]!) : payload;
  return Buffer.concat([Buffer.from([first, mask | short]), extended, key, body]);
}

/** The request head of an upgrade as Egress sends it. */
export const upgradeHead = (path: string, headers: Readonly<Record<string, string>> = {}): string => {
  const all = {
    Host: 'localhost',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'Content-Type': 'audio/x-raw',
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`;
};

/** A client that writes any bytes, and looks at those that come back. */
export class RawPeer {
  #received = Buffer.alloc(0);
  readonly closed: Promise<unknown>;

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => (this.#received = Buffer.concat([this.#received, bytes])));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', resolve));
  }

  static async connect(port: number): Promise<RawPeer> {
    const socket = connect(port, '127.0.0.1');
    const peer = new RawPeer(socket);
    await once(socket, 'connect');
    return peer;
  }

  /** Connected and upgraded. */
  static async upgraded(port: number, path: string, headers?: Readonly<Record<string, string>>): Promise<RawPeer> {
    const peer = await RawPeer.connect(port);
    peer.socket.write(upgradeHead(path, headers));
    await peer.until('\r\n\r\n');
    if (peer.status !== 101) throw new Error(`not upgraded: ${peer.status}`);
    return peer;
  }

  write(...parts: readonly (Uint8Array | string)[]): void {
    for (const part of parts) if (this.socket.writable) this.socket.write(part);
  }

  get answer(): string {
    return this.#received.toString('latin1');
  }

  /** Of the answer to the upgrade; NaN while there is none. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(this.answer)?.[1] ?? NaN);
  }

  /** Resolves when the answer holds this text, or when no more can come. */
  async until(text: string): Promise<void> {
    while (!this.answer.includes(text) && !this.socket.closed) {
      await Promise.race([once(this.socket, 'data').catch(() => undefined), this.closed]);
    }
  }

  /** The code with which the other side closes; undefined when it cuts the connection without a close frame. */
  async closeCode(): Promise<number | undefined> {
    while (this.#closeCode() === undefined && !this.socket.closed) {
      await Promise.race([once(this.socket, 'data').catch(() => undefined), this.closed]);
    }
    return this.#closeCode();
  }

  /** The code of the close frame, if it has come; frames before it are skipped. */
  #closeCode(): number | undefined {
    let at = this.#received.indexOf('\r\n\r\n') + 4;
    while (at + 2 <= this.#received.length) {
      const [first, length] = [this.#received[at] ?? 0, this.#received[at + 1] ?? 0];
      if (first === 0x88 && at + 4 <= this.#received.length) return this.#received.readUInt16BE(at + 2);
      at += 2 + length;
    }
    return undefined;
  }
}
