import { FRAME_MS } from '../media/audio-format.js';
import type { SpeakerChannels } from '../media/speaker-channels.js';

/** Three minutes: as far back as a transcript can refer. */
const KEPT_FRAMES = 180_000 / FRAME_MS;

interface ChannelUse {
  readonly trackSid: string;
  readonly channel: number;
  readonly fromFrame: number;
  /** `Infinity` while the track is in the channel. */
  toFrame: number;
}

/**
 * Gives each track a channel of its own while there are free ones; further tracks share the last channel. When a track
 * leaves, one of the tracks that share moves to its channel; without any, the next new track gets it.
 */
export class ChannelPlan implements SpeakerChannels {
  #uses: ChannelUse[] = [];

  constructor(readonly count: number) {}

  /** The channel of a track that is in the mix. */
  channelOf(trackSid: string): number | undefined {
    return this.#current.find((use) => use.trackSid === trackSid)?.channel;
  }

  /** Returns the channel of a track, which gets one if it has none. */
  assign(trackSid: string, frame: number): number {
    return this.channelOf(trackSid) ?? this.#place(trackSid, this.#freeChannel ?? this.count - 1, frame);
  }

  /** A track has left the mix: one of those that share a channel moves to the free one. */
  release(trackSid: string, frame: number): void {
    const released = this.#current.find((use) => use.trackSid === trackSid);
    if (released === undefined) return;
    released.toFrame = frame;
    const [, sharing] = this.#current.filter(({ channel }) => channel === this.count - 1);
    const free = this.#freeChannel;
    if (sharing === undefined || free === undefined) return;
    sharing.toFrame = frame;
    this.#place(sharing.trackSid, free, frame);
  }

  tracksIn(channel: number, startMs: number, endMs: number): readonly string[] {
    const [first, last] = [Math.floor(startMs / FRAME_MS), Math.ceil(endMs / FRAME_MS)];
    const found = this.#uses.filter((use) => use.channel === channel && use.fromFrame <= last && use.toFrame >= first);
    return [...new Set(found.map(({ trackSid }) => trackSid))];
  }

  /** Forgets the tracks that left more than three minutes ago. */
  forgetBefore(currentFrame: number): void {
    this.#uses = this.#uses.filter(({ toFrame }) => toFrame >= currentFrame - KEPT_FRAMES);
  }

  get #current(): ChannelUse[] {
    return this.#uses.filter(({ toFrame }) => toFrame === Infinity);
  }

  /** The lowest free channel, so that tracks which come and go quickly do not spread over all channels. */
  get #freeChannel(): number | undefined {
    const taken = new Set(this.#current.map(({ channel }) => channel));
    for (let channel = 0; channel < this.count; channel++) if (!taken.has(channel)) return channel;
    return undefined;
  }

  #place(trackSid: string, channel: number, fromFrame: number): number {
    this.#uses.push({ trackSid, channel, fromFrame, toFrame: Infinity });
    return channel;
  }
}
