import { Socket } from 'node:net';
import { encodeFrame } from '../frame-codec.js';
import { FRAMES_FD } from '../messages.js';

/** Eight minutes of one track. A service that has not read for so long will not recover. */
const MAX_QUEUED_BYTES = 16_000_000;

/** The pipe through which audio frames go to the service. */
export class FramePipe {
  readonly #socket = new Socket({ fd: FRAMES_FD, readable: false, writable: true });

  /** @param onStuck called when the service has stopped reading */
  constructor(private readonly onStuck: () => void) {
    this.#socket.on('error', onStuck);
  }

  write(track: number, samples: Int16Array): void {
    this.#socket.write(encodeFrame(track, samples));
    if (this.#socket.writableLength > MAX_QUEUED_BYTES) this.onStuck();
  }
}
