import { FRAME_MS } from '../../media/audio-format.js';
import type { SpeakerChannels } from '../../media/speaker-channels.js';

/** What a transcript may still refer to. */
const KEPT_FRAMES = 180_000 / FRAME_MS;

interface Stay {
  readonly trackSid: string;
  readonly channel: number;
  readonly fromFrame: number;
  toFrame: number;
}

/**
 * Gives each track a channel of its own as long as there are any; further tracks share the last. A channel whose track has
 * left goes to the next who comes, and to who had to share it until then.
 */
export class ChannelPlan implements SpeakerChannels {
  #stays: Stay[] = [];

  constructor(readonly count: number) {}

  /** The channel of a track that is here. */
  channelOf(trackSid: string): number | undefined {
    return this.#present.find((stay) => stay.trackSid === trackSid)?.channel;
  }

  /** A track comes, or is here already. Returns its channel. */
  enter(trackSid: string, frame: number): number {
    return this.channelOf(trackSid) ?? this.#put(trackSid, this.#freeChannel ?? this.count - 1, frame);
  }

  /** A track has gone: one of those that share a channel moves to the one that is free now. */
  leave(trackSid: string, frame: number): void {
    const gone = this.#present.find((stay) => stay.trackSid === trackSid);
    if (gone === undefined) return;
    gone.toFrame = frame;
    const [, sharing] = this.#present.filter(({ channel }) => channel === this.count - 1);
    const free = this.#freeChannel;
    if (sharing === undefined || free === undefined) return;
    sharing.toFrame = frame;
    this.#put(sharing.trackSid, free, frame);
  }

  tracksIn(channel: number, startMs: number, endMs: number): readonly string[] {
    const [first, last] = [Math.floor(startMs / FRAME_MS), Math.ceil(endMs / FRAME_MS)];
    const there = this.#stays.filter(
      (stay) => stay.channel === channel && stay.fromFrame <= last && stay.toFrame >= first,
    );
    return [...new Set(there.map(({ trackSid }) => trackSid))];
  }

  /** Forgets who left so long ago that nothing can refer to it. */
  forgetBefore(currentFrame: number): void {
    this.#stays = this.#stays.filter(({ toFrame }) => toFrame >= currentFrame - KEPT_FRAMES);
  }

  get #present(): Stay[] {
    return this.#stays.filter(({ toFrame }) => toFrame === Infinity);
  }

  /** The lowest, so that quick comings and goings do not spread. */
  get #freeChannel(): number | undefined {
    const taken = new Set(this.#present.map(({ channel }) => channel));
    for (let channel = 0; channel < this.count; channel++) if (!taken.has(channel)) return channel;
    return undefined;
  }

  #put(trackSid: string, channel: number, fromFrame: number): number {
    this.#stays.push({ trackSid, channel, fromFrame, toFrame: Infinity });
    return channel;
  }
}
