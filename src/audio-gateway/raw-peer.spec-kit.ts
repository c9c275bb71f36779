import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface FrameForm {
  readonly final?: boolean;
  readonly masked?: boolean;
  /** The three reserved bits, as they stand in the first byte. */
  readonly reserved?: number;
  /** What the head says, where that is not the truth. */
  readonly length?: number;
}

export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const PING = 9;

/** A WebSocket frame, well formed unless asked for otherwise. */
export function frame(opcode: number, payload: Uint8Array = Buffer.alloc(0), form: FrameForm = {}): Buffer {
  const { final = true, masked = true, reserved = 0, length = payload.length } = form;
  const first = (final ? 0x80 : 0) | reserved | opcode;
  const mask = masked ? 0x80 : 0;
  const extended = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (extended.length === 2) extended.writeUInt16BE(length);
  if (extended.length === 8) extended.writeBigUInt64BE(BigInt(length));
  const short = extended.length === 0 ? length : extended.length === 2 ? 126 : 127;
  const key = masked ? randomBytes(4) : Buffer.alloc(0);
  const body = masked ? Buffer.from(payload.map((byte, n) => byte ^ (key[n % 4] ?? 0))) : payload;
  return Buffer.concat([Buffer.from([first, mask | short]), extended, key, body]);
}

/** The head of an upgrade as Egress sends it. */
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

/** A peer that keeps to nothing: writes bytes and looks at what comes back. */
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
    while (!peer.answer.includes('\r\n\r\n')) await once(peer.socket, 'data');
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

  /** With what code the other side closes; undefined when it cuts the connection without a word. */
  async closeCode(): Promise<number | undefined> {
    while (this.#told() === undefined && !this.socket.closed) {
      await Promise.race([once(this.socket, 'data').catch(() => undefined), this.closed]);
    }
    return this.#told();
  }

  /** The code of the close frame, if there is one yet; pongs are passed over. */
  #told(): number | undefined {
    let at = this.#received.indexOf('\r\n\r\n') + 4;
    while (at + 2 <= this.#received.length) {
      const [first, length] = [this.#received[at] ?? 0, this.#received[at + 1] ?? 0];
      if (first === 0x88 && at + 4 <= this.#received.length) return this.#received.readUInt16BE(at + 2);
      at += 2 + length;
    }
    return undefined;
  }
}
