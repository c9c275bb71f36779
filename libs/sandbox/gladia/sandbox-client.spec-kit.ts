import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { GladiaSandbox } from './gladia-sandbox.js';

/** A message from the sandbox, as loosely typed as a test needs it. */
export interface Received {
  readonly type: string;
  readonly acknowledged?: boolean;
  readonly error?: { message: string } | null;
  readonly data: {
    readonly id: string;
    readonly is_final: boolean;
    readonly byte_range: [number, number];
    readonly utterance: {
      text: string;
      start: number;
      end: number;
      language: string;
      channel: number;
      words: object[];
    };
  } & Record<string, unknown>;
}

export interface NewSession {
  readonly id: string;
  readonly url: string;
}

const asJson = { 'x-gladia-key': 'key', 'content-type': 'application/json' };

export const call = async (sandbox: GladiaSandbox, method: string, path: string, body?: unknown): Promise<Response> =>
  await fetch(sandbox.url + path, {
    method,
    headers: asJson,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

export async function create(sandbox: GladiaSandbox, request: object = {}): Promise<NewSession> {
  const response = await call(sandbox, 'POST', '/v2/live', request);
  if (response.status !== 201) throw new Error(`POST gave ${response.status}`);
  return (await response.json()) as NewSession;
}

/** A plain socket that gathers what it gets. */
export class TestSocket {
  readonly received: Received[] = [];
  readonly #socket: WebSocket;
  /** The close code. */
  readonly closed: Promise<number>;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    this.#socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) this.received.push(JSON.parse(data.toString()) as Received);
    });
    this.#socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.#socket.once('close', (code) => resolve(code)));
  }

  static async open(url: string): Promise<TestSocket> {
    const socket = new TestSocket(url);
    await once(socket.#socket, 'open');
    return socket;
  }

  send(data: Buffer | object): void {
    this.#socket.send(Buffer.isBuffer(data) ? data : JSON.stringify(data));
  }

  /** In chunks of 100 ms at 16 kHz, as fast as they go. */
  sendAudio(samples: Int16Array, chunkBytes = 3_200): void {
    const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    for (let at = 0; at < bytes.length; at += chunkBytes) this.send(bytes.subarray(at, at + chunkBytes));
  }

  stop(): void {
    this.send({ type: 'stop_recording' });
  }

  close(code: number): void {
    this.#socket.close(code);
  }

  drop(): void {
    this.#socket.terminate();
  }

  of(type: string): Received[] {
    return this.received.filter((message) => message.type === type);
  }

  finals(): string[] {
    return this.of('transcript').flatMap(({ data }) => (data.is_final ? [data.utterance.text] : []));
  }

  /** Resolves once so many messages of the type came. */
  async until(type: string, count = 1): Promise<void> {
    while (this.of(type).length < count) await once(this.#socket, 'message');
  }
}
