import type { WebSocket } from 'ws';

const FRAME_MS = 10;
const FRAME_BYTES = 1_920;

/** One track's sound in real time, as Egress sends it, each frame counted. */
export class Speaker {
  readonly #timer: NodeJS.Timeout;
  readonly #startedAtMs = performance.now();
  sent = 0;

  constructor(readonly socket: WebSocket) {
    this.#timer = setInterval(() => {
      while (this.sent * FRAME_MS < performance.now() - this.#startedAtMs) {
        this.sent += 1;
        socket.send(Buffer.alloc(FRAME_BYTES, this.sent % 100));
      }
    }, FRAME_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
