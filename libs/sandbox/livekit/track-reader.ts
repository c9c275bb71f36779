import type { TrackAudio } from '../egress/track-audio.js';
import { nowSamples, ROOM_RATE_HZ } from './room-clock.js';
import type { SandboxTrack } from './sandbox-track.js';

/** How far a reader stays behind the present, so that what is said now is never behind it. */
export const READER_LAG_MS = 20;

/** Hears a scripted track from now on. */
export class TrackReader implements TrackAudio {
  #nextSample = nowSamples() - (READER_LAG_MS * ROOM_RATE_HZ) / 1000;

  constructor(private readonly track: SandboxTrack) {}

  read(frame: Int16Array): boolean {
    const spoken = this.track.read(this.#nextSample, frame);
    this.#nextSample += frame.length;
    return spoken;
  }

  get muted(): boolean {
    return this.track.muted;
  }

  get ended(): boolean {
    return !this.track.published;
  }
}
