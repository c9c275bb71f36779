import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

interface Arrived<T> {
  readonly atMs: number;
  readonly value: T;
}

/** One egress as the other end of its socket sees it. */
export class ReceivedEgress {
  readonly openedAtMs = performance.now();
  readonly frames: Arrived<Buffer>[] = [];
  readonly texts: Arrived<string>[] = [];
  readonly pings: string[] = [];
  closeCode: number | undefined;
  readonly #changed = new EventEmitter();

  constructor(
    readonly request: IncomingMessage,
    readonly socket: WebSocket,
  ) {
    socket.on('message', (data: Buffer, isBinary) => {
      const atMs = performance.now();
      if (isBinary) this.frames.push({ atMs, value: data });
      else this.texts.push({ atMs, value: data.toString() });
      this.#changed.emit('change');
    });
    socket.on('ping', (data: Buffer) => this.pings.push(data.toString()));
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#changed.emit('change');
    });
  }

  /** Resolves when `condition` holds; it is looked at with every message. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#changed, 'change');
  }

  closed(): Promise<void> {
    return this.until(() => this.closeCode !== undefined);
  }

  /** The samples of one channel (0 left, 1 right), joined. */
  channel(index: 0 | 1): Int16Array {
    const bytes = Buffer.concat(this.frames.map((frame) => frame.value));
    return Int16Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt16LE(i * 4 + index * 2));
  }
}

/** A WebSocket server for specs that keeps what egresses send. */
export class AudioReceiver {
  readonly egresses: ReceivedEgress[] = [];
  /** Requests for an upgrade, refused ones included. */
  dials = 0;
  /** Answered instead of the upgrade, when set. */
  refusal: string | undefined;
  readonly #connected = new EventEmitter();
  readonly #server = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });

  static async open(): Promise<AudioReceiver> {
    const receiver = new AudioReceiver();
    receiver.#server.on('upgrade', (request, socket, head) => {
      receiver.dials++;
      if (receiver.refusal !== undefined) return void socket.end(`HTTP/1.1 ${receiver.refusal}\r\n\r\n`);
      receiver.#sockets.handleUpgrade(request, socket, head, (ws) => receiver.#add(request, ws));
    });
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/egress/audio`;
  }

  /** The `n`th egress that dialled. */
  async egress(n = 0): Promise<ReceivedEgress> {
    for (;;) {
      const egress = this.egresses[n];
      if (egress !== undefined) return egress;
      await once(this.#connected, 'connected');
    }
  }

  async close(): Promise<void> {
    for (const { socket } of this.egresses) socket.terminate();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #add(request: IncomingMessage, socket: WebSocket): void {
    this.egresses.push(new ReceivedEgress(request, socket));
    this.#connected.emit('connected');
  }
}
