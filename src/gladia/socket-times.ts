import { msToSamples } from '../media/audio-format.js';

/** Lines that put a moment closer together than this fit it equally well. */
const TIE_SAMPLES = msToSamples(500);

/** The sound that one socket sent, on the server's count of all sound of the session. */
export class SocketTimes {
  /** Without a hole each, by samples of this socket. */
  readonly #stretches: { readonly offset: number; readonly position: number }[] = [];
  #next: number | undefined;
  #sentSamples = 0;
  #acknowledgedSamples = 0;
  #begin: number;
  /** The counter began anew: whether times did, too, is `open` until a transcript settles it. */
  #restart: 'none' | 'open' | 'settled' = 'none';

  /** @param before the sockets of the session before this one */
  constructor(private readonly before: readonly SocketTimes[]) {
    this.#begin = before.at(-1)?.end ?? 0;
  }

  /** The server's count when the first sample of this socket came. */
  get begin(): number {
    return this.#begin;
  }

  get end(): number {
    return this.#begin + this.#sentSamples;
  }

  /** Where in the log this socket began. */
  get position(): number {
    return this.#stretches[0]?.position ?? 0;
  }

  sent(position: number, samples: number): void {
    if (position !== this.#next) this.#stretches.push({ offset: this.#sentSamples, position });
    this.#next = position + samples;
    this.#sentSamples += samples;
  }

  /**
   * The server says that it has so much of what this socket sent, and counts it from `start` on. A session's first socket
   * begins at 0, whatever is said. On a later one, a start before what the server is known to have tells that its counter
   * began anew, and nothing about times.
   */
  acknowledged(start: number, samples: number): void {
    this.#acknowledgedSamples = samples;
    if (this.before.length === 0) return;
    const known = this.before.reduce((sum, socket) => sum + socket.#acknowledgedSamples, 0);
    if (start > 0 && start >= known) {
      this.#begin = start;
      this.#restart = 'none';
    } else if (this.#restart === 'none') {
      this.#restart = 'open';
    }
  }

  /** Takes the end of what was heard last: times began anew if only that, or rather that, puts it near the end of the sound. */
  heard(server: number, sentUntil: number): void {
    if (this.#restart !== 'open') return;
    const ageFrom = (begin: number): number => sentUntil - (this.#from(begin, server, sentUntil) ?? -Infinity);
    const [goingOn, anew] = [ageFrom(this.#begin), ageFrom(0)];
    if (goingOn === Infinity && anew === Infinity) return; // it is about sound of a socket before
    if (anew + TIE_SAMPLES < goingOn) this.#begin = 0;
    this.#restart = 'settled';
  }

  /** The log position of a moment that the server names, if it lies in this socket's sound and not after `limit`. */
  locate(server: number, limit: number): number | undefined {
    return this.#from(this.#begin, server, limit);
  }

  #from(begin: number, server: number, limit: number): number | undefined {
    const stretch = this.#stretches.findLast(({ offset }) => begin + offset <= server);
    if (stretch === undefined) return undefined;
    const position = stretch.position + server - begin - stretch.offset;
    return position <= limit ? position : undefined;
  }
}
