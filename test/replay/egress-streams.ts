import { WebSocket } from 'ws';
import type { EgressAddresses, EgressStart } from './egress-addresses.js';
import type { Outcome } from './outcome.js';
import { FRAME_MS, type RoomSound } from './room-sound.js';
import type { VirtualTime } from './virtual-time.js';

interface Stream {
  readonly socket: WebSocket;
  readonly start: EgressStart;
  held: Buffer[] | undefined;
  over: boolean;
}

/** The sockets that Egress opens to the service, and the sound that it sends on them. */
export class EgressStreams {
  readonly #streams = new Map<number, Stream>();

  constructor(
    private readonly time: VirtualTime,
    private readonly outcome: Outcome,
    private readonly addresses: EgressAddresses,
    private readonly sound: RoomSound,
    private readonly everybody: () => readonly string[],
  ) {}

  /** Connects to the address of the nth start call. */
  dial(n: number): void {
    const start = this.addresses.get(n);
    if (start === undefined) {
      this.outcome.output('egress-has-no-address', { egress: n });
      return;
    }
    const socket = new WebSocket(start.address, {
      headers: { 'Content-Type': 'audio/x-raw' },
      perMessageDeflate: false,
    });
    const stream: Stream = { socket, start, held: undefined, over: false };
    this.#streams.set(n, stream);
    socket.on('error', () => undefined);
    socket.on('unexpected-response', (_, { statusCode = 0 }) => {
      this.outcome.output('egress-refused', { egress: n, status: statusCode });
      stream.over = true;
      socket.terminate();
    });
    socket.on('close', (code) => {
      if (!stream.over) this.outcome.output('egress-socket-closed', { egress: n, code });
      stream.over = true;
    });
    socket.on('open', () => this.#tick(stream, this.time.nowMs));
  }

  hangUp(n: number, how: number | 'reset'): void {
    const stream = this.#streams.get(n);
    if (stream === undefined || stream.over) return;
    stream.over = true;
    if (how === 'reset') stream.socket.terminate();
    else if (how === 1005) stream.socket.close();
    else stream.socket.close(how);
  }

  vanish(n: number): void {
    const stream = this.#streams.get(n);
    if (stream === undefined) return;
    stream.over = true;
    stream.socket.pause();
  }

  /** Frames are kept for a while, and then sent together. */
  hold(n: number, forMs: number): void {
    const stream = this.#streams.get(n);
    if (stream === undefined) return;
    stream.held = [];
    this.time.at(this.time.nowMs + forMs, () => {
      const held = stream.held ?? [];
      stream.held = undefined;
      for (const frame of held) this.#send(stream, frame);
    });
  }

  mute(track: string, muted: boolean): void {
    for (const stream of this.#streams.values()) {
      const { channels } = stream.start;
      if (channels !== 'everybody' && channels.flat().includes(track)) this.#send(stream, JSON.stringify({ muted }));
    }
  }

  /** Sends the sound of the frame that has just ended, and so on. */
  #tick(stream: Stream, atMs: number): void {
    this.time.at(atMs + FRAME_MS, () => {
      if (stream.over) return;
      const everybody = this.everybody();
      const { channels } = stream.start;
      const frame = this.sound.frame(atMs, channels === 'everybody' ? [everybody, everybody] : channels);
      if (stream.held === undefined) this.#send(stream, frame);
      else stream.held.push(frame);
      this.#tick(stream, atMs + FRAME_MS);
    });
  }

  #send({ socket, over }: Stream, data: Buffer | string): void {
    if (!over && socket.readyState === WebSocket.OPEN) socket.send(data);
  }
}
