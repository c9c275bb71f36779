import { msToSamples } from '../../media/audio-format.js';

/** Lines that put a moment closer together than this fit it equally well. */
const TIE_SAMPLES = msToSamples(500);

/** A word that the end of a connection cut in two began at most so long before it. */
const LONGEST_CUT_WORD = msToSamples(500);

/** Times of neighbouring words overlap by this much at most. */
const JITTER = msToSamples(50);

/** In samples that the server counted. */
export interface ServerSpan {
  readonly start: number;
  readonly end: number;
}

/** The sound that one socket sent, on the server's count of all sound of the session. */
export class SocketTimeline {
  /** Without a hole each, by samples of this socket. */
  readonly #stretches: { readonly offset: number; readonly position: number }[] = [];
  #next: number | undefined;
  #sentSamples = 0;
  #acknowledgedSamples = 0;
  #begin: number;
  /** The counter began anew: whether times did, too, is `open` until a transcript settles it. */
  #restart: 'none' | 'open' | 'settled' = 'none';

  /**
   * @param before the sockets of the session before this one
   * @param told up to where finals were told of what they sent, by channel
   */
  constructor(
    private readonly before: readonly SocketTimeline[],
    private readonly told: Map<number, number>,
  ) {
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
    if (start > 0 && start >= this.#acknowledgedBefore) {
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

  /** A final was told that ends at this moment. */
  toldUntil(server: number, channel: number): void {
    if (server <= this.#begin) this.told.set(channel, Math.max(server, this.told.get(channel) ?? 0));
  }

  /**
   * Sound that this socket sent once more was heard twice, the second time right after the first. The first hearing has
   * what was told already, and all but the last words, which may be cut; the second has the rest. So what is left out
   * of both is one stretch of the server's time, as long as the sound that came twice. A word that was told
   * although it was cut reaches beyond that in the second hearing.
   */
  leavesOut({ start, end }: ServerSpan, channel: number): boolean {
    const twice = this.#reachedBefore - this.position;
    const cut = this.#begin - Math.min(twice / 2, LONGEST_CUT_WORD);
    const told = Math.min(this.#begin, this.told.get(channel) ?? 0);
    const from = Math.max(cut, told);
    const until = from + twice;
    const middle = (start + end) / 2;
    const isToldThough = told > cut && end > this.#begin && start < until - JITTER;
    return this.#isKnown && twice > 0 && ((middle >= from && middle < until) || isToldThough);
  }

  /** Between the first sound of this socket and its first acknowledgment nobody knows where the second hearing begins. */
  get #isKnown(): boolean {
    return this.#acknowledgedSamples > 0 || this.#acknowledgedBefore === 0;
  }

  get #acknowledgedBefore(): number {
    return this.before.reduce((sum, socket) => sum + socket.#acknowledgedSamples, 0);
  }

  /** Up to where in the log the server had heard when this socket began. */
  get #reachedBefore(): number {
    for (const socket of this.before.toReversed()) {
      const last = socket.locate(this.#begin - 1, Infinity);
      if (last !== undefined) return last + 1;
    }
    return 0;
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
