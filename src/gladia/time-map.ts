import { SAMPLE_RATE_HZ } from '../media/audio-format.js';
import { SocketTimes } from './socket-times.js';

const TOLERANCE_SAMPLES = SAMPLE_RATE_HZ / 2;

/**
 * From the samples that one Gladia session has received to positions in the audio log. Gladia has no clock but the sound
 * it got, so each resume and each gap shifts its times: each socket knows where its sound lies.
 */
export class TimeMap {
  readonly #sockets: SocketTimes[] = [];

  /** One more socket begins to send. */
  begin(): SocketTimes {
    const socket = new SocketTimes([...this.#sockets]);
    this.#sockets.push(socket);
    return socket;
  }

  /** A transcript tells of the sound up to this moment. */
  heard(server: number, sentUntil: number): void {
    this.#sockets.at(-1)?.heard(server, sentUntil);
  }

  /** The log position of a moment that Gladia names. Of what it may mean the newest holds that lies in what was sent. */
  position(server: number, sentUntil: number): number {
    for (const socket of this.#sockets.toReversed()) {
      const position = socket.locate(server, sentUntil + TOLERANCE_SAMPLES);
      if (position !== undefined) return Math.min(position, sentUntil);
    }
    return Math.max(0, Math.min(sentUntil, server + (this.#sockets[0]?.position ?? 0)));
  }
}
