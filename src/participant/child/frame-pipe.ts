import { Socket } from 'node:net';
import { encodeFrame } from '../frame-codec.js';
import { FRAMES_FD } from '../messages.js';

/** Eight minutes of one track. A service that has not read for so long will not hear this process out. */
const MOST_WAITING_BYTES = 16_000_000;

/** The way of the samples to the service. */
export class FramePipe {
  readonly #socket = new Socket({ fd: FRAMES_FD, readable: false, writable: true });

  /** @param stuck called when the service has stopped reading */
  constructor(private readonly stuck: () => void) {
    this.#socket.on('error', stuck);
  }

  write(track: number, samples: Int16Array): void {
    this.#socket.write(encodeFrame(track, samples));
    if (this.#socket.writableLength > MOST_WAITING_BYTES) this.stuck();
  }
}
