import { SAMPLE_RATE_HZ } from '../../media/audio-format.js';
import { SocketTimeline, type ServerSpan } from './socket-timeline.js';

const TOLERANCE_SAMPLES = SAMPLE_RATE_HZ / 2;

/**
 * From the samples that one Gladia session has received to positions in the audio log. Gladia has no clock but the sound
 * it got, so each resume and each gap shifts its times: each socket knows where its sound lies.
 */
export class TimeMap {
  readonly #sockets: SocketTimeline[] = [];
  /** The end of the last final, by channel. */
  readonly #toldUntil = new Map<number, number>();

  /** One more socket begins to send. */
  begin(): SocketTimeline {
    const socket = new SocketTimeline([...this.#sockets], new Map(this.#toldUntil));
    this.#sockets.push(socket);
    return socket;
  }

  /** A final was told that ends at this moment. */
  told(server: number, channel = 0): void {
    this.#toldUntil.set(channel, Math.max(server, this.#toldUntil.get(channel) ?? 0));
    for (const socket of this.#sockets) socket.toldUntil(server, channel);
  }

  /** Whether a word is told where the same sound was heard before, or will be where it is heard again. */
  isToldElsewhere(word: ServerSpan, channel = 0): boolean {
    return this.#sockets.some((socket) => socket.leavesOut(word, channel));
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
