import type { TrackAudio } from '../egress/track-audio.js';
import type { SandboxTrack } from './sandbox-track.js';
import { TrackReader } from './track-reader.js';

/** Hears several scripted tracks as one, those that are published later included. */
export class MixedReader implements TrackAudio {
  readonly muted = false;
  readonly #readers = new Map<SandboxTrack, TrackReader>();
  #part = new Int16Array(0);

  constructor(
    private readonly tracks: () => SandboxTrack[],
    private readonly isOver: () => boolean,
  ) {}

  get ended(): boolean {
    return this.isOver();
  }

  read(frame: Int16Array): boolean {
    frame.fill(0);
    if (this.#part.length !== frame.length) this.#part = new Int16Array(frame.length);
    let spoken = false;
    for (const reader of this.#current()) {
      if (!reader.read(this.#part)) continue;
      addInto(frame, this.#part);
      spoken = true;
    }
    return spoken;
  }

  #current(): TrackReader[] {
    const tracks = this.tracks().filter((track) => !track.isVideo);
    for (const known of this.#readers.keys()) if (!tracks.includes(known)) this.#readers.delete(known);
    return tracks.map((track) => this.#readerOf(track));
  }

  #readerOf(track: SandboxTrack): TrackReader {
    const reader = this.#readers.get(track) ?? new TrackReader(track);
    this.#readers.set(track, reader);
    return reader;
  }
}

function addInto(sum: Int16Array, part: Int16Array): void {
  for (let i = 0; i < sum.length; i++) {
    sum[i] = Math.max(-32_768, Math.min(32_767, (sum[i] as number) + (part[i] as number)));
  }
}
